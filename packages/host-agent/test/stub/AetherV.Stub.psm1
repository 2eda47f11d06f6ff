# Puts a simulated host under the agent: the modules that Linux does not have, the clock, and the registry. Imported into a runspace
# before the agent; STUB_BRIDGE is the bridge's address.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$script:Client = [System.Net.Http.HttpClient]::new()
$script:Client.Timeout = [timespan]::FromSeconds(300)
$script:Dates = [System.Collections.Generic.HashSet[string]]::new([string[]]@(
        'CreationTime', 'LastBootUpTime', 'TimeOfLastConfigurationChange', 'TimeOfLastStateChange', 'AutomaticStartupActionDelay'))

# Its functions are made at run time, so commands cannot be found by their names before.
Import-Module -Name 'Hyper-V' -Global

function Send-ToBridge {
    param([string] $Path, [object] $Body)
    $json = Microsoft.PowerShell.Utility\ConvertTo-Json -InputObject $Body -Depth 12 -Compress
    $content = [System.Net.Http.StringContent]::new($json, [System.Text.Encoding]::UTF8, 'application/json')
    $response = $script:Client.PostAsync("$env:STUB_BRIDGE$Path", $content).GetAwaiter().GetResult()
    $text = $response.Content.ReadAsStringAsync().GetAwaiter().GetResult()
    Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject $text -DateKind String -Depth 12
}

function ConvertTo-DotNetDate {
    param([object] $Value)
    if ($null -eq $Value) { return $null }
    if ($null -ne $Value.PSObject.Properties['$date']) {
        # CIM gives local time, as CimInstance does.
        return [datetime]::Parse($Value.'$date', [cultureinfo]::InvariantCulture, 'AdjustToUniversal').ToLocalTime()
    }
    if ($null -ne $Value.PSObject.Properties['$seconds']) { return [timespan]::FromSeconds($Value.'$seconds') }
    # What a test sends in place of a moment.
    return $Value
}

function global:Invoke-StubCall {
    param([string] $Name, [System.Collections.IDictionary] $Bound)
    $parameters = @{}
    foreach ($entry in $Bound.GetEnumerator()) {
        # No `if` as a value: it would unroll an array of one.
        $parameters[$entry.Key] = $entry.Value
        if ($entry.Value -is [switch]) { $parameters[$entry.Key] = [bool]$entry.Value }
    }
    $answer = Send-ToBridge -Path '/call' -Body @{ pid = $PID; name = $Name; parameters = $parameters }
    if ($null -ne $answer.PSObject.Properties['error']) {
        $exception = [System.InvalidOperationException]::new($answer.error.message)
        foreach ($property in $answer.error.PSObject.Properties) {
            if ($property.Name -eq 'nativeErrorCode') { Microsoft.PowerShell.Utility\Add-Member -InputObject $exception -NotePropertyName 'NativeErrorCode' -NotePropertyValue $property.Value }
        }
        $id = if ($null -ne $answer.error.PSObject.Properties['id']) { $answer.error.id } else { 'StubError' }
        # As the cmdlets of the Hyper-V module say it: "InvalidState,Microsoft.HyperV.PowerShell.Commands.NewVM".
        $source = if ($Name -match '-V(M|HD)') { "Microsoft.HyperV.PowerShell.Commands.$($Name.Replace('-', ''))" } else { $Name }
        throw [System.Management.Automation.ErrorRecord]::new($exception, "$id,$source", 'NotSpecified', $null)
    }
    foreach ($row in $answer.output) {
        if ($row -is [psobject] -and $row -isnot [string]) {
            foreach ($property in $row.PSObject.Properties) {
                if ($script:Dates.Contains($property.Name)) { $property.Value = ConvertTo-DotNetDate -Value $property.Value }
            }
        }
        $row
    }
}

# Paths of the simulated host go to the bridge, those of this machine to the cmdlet itself. The agent calls Microsoft.PowerShell.Management\...:
# the functions are exported by a module of that name, since functions are found before cmdlets.
$fileCmdlets = @{}
foreach ($name in 'Test-Path', 'Get-Item', 'Get-ChildItem', 'New-Item', 'Remove-Item', 'Get-ItemPropertyValue', 'Get-ItemProperty') {
    $fileCmdlets[$name] = Get-Command -Name "Microsoft.PowerShell.Management\$name" -CommandType Cmdlet
}
New-Module -Name 'Microsoft.PowerShell.Management' -ArgumentList $fileCmdlets -ScriptBlock {
    param([hashtable] $Cmdlets)
    $script:Cmdlets = $Cmdlets

    function Test-HostPath {
        param([object] $Path)
        return @($Path)[0] -match '\A(\\\\\?\\)?[A-Za-z]:(\\|\z)'
    }

    function Test-Path {
        [CmdletBinding()]
        param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [string] $PathType = 'Any')
        if (-not (Test-HostPath -Path $LiteralPath)) { return & $script:Cmdlets['Test-Path'] @PSBoundParameters }
        Invoke-StubCall -Name 'Test-Path' -Bound $PSBoundParameters
    }

    function Get-Item {
        [CmdletBinding()]
        param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [switch] $Force)
        if (-not (Test-HostPath -Path $LiteralPath)) { return & $script:Cmdlets['Get-Item'] @PSBoundParameters }
        Invoke-StubCall -Name 'Get-Item' -Bound $PSBoundParameters
    }

    function Get-ChildItem {
        [CmdletBinding()]
        param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [string] $Filter, [switch] $File, [switch] $Recurse, [switch] $Force)
        if (-not (Test-HostPath -Path $LiteralPath)) { return & $script:Cmdlets['Get-ChildItem'] @PSBoundParameters }
        foreach ($row in Invoke-StubCall -Name 'Get-ChildItem' -Bound $PSBoundParameters) {
            if ($null -eq $row.PSObject.Properties['$error']) { $row; continue }
            # Of one folder, and no end of the listing unless the caller says so.
            $path = $row.'$error'.path
            $exception = if ($row.'$error'.kind -eq 'denied') { [System.UnauthorizedAccessException]::new("Access to the path '$path' is denied.") } else { [System.IO.PathTooLongException]::new('The specified path, file name, or both are too long.') }
            $record = [System.Management.Automation.ErrorRecord]::new($exception, 'DirUnauthorizedAccessError,Microsoft.PowerShell.Commands.GetChildItemCommand', 'PermissionDenied', $path)
            # A cmdlet takes over its caller's preference, Stop in the agent; a function of another module does not.
            if (-not $PSBoundParameters.ContainsKey('ErrorAction')) { throw $record }
            $PSCmdlet.WriteError($record)
        }
    }

    function New-Item {
        [CmdletBinding()]
        param([Parameter(Position = 0)] [string[]] $Path, [string] $ItemType, [switch] $Force)
        if (-not (Test-HostPath -Path $Path)) { return & $script:Cmdlets['New-Item'] @PSBoundParameters }
        Invoke-StubCall -Name 'New-Item' -Bound $PSBoundParameters
    }

    function Remove-Item {
        [CmdletBinding(SupportsShouldProcess)]
        param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [switch] $Force, [switch] $Recurse)
        if (-not (Test-HostPath -Path $LiteralPath)) { return & $script:Cmdlets['Remove-Item'] @PSBoundParameters }
        Invoke-StubCall -Name 'Remove-Item' -Bound $PSBoundParameters
    }

    function Get-ItemProperty {
        [CmdletBinding()]
        param([Parameter(Position = 0)] [string[]] $Path, [string[]] $LiteralPath, [string[]] $Name)
        if ("$Path" -notlike 'HKLM:*') { return & $script:Cmdlets['Get-ItemProperty'] @PSBoundParameters }
        Invoke-StubCall -Name 'Get-ItemProperty' -Bound $PSBoundParameters
    }

    function Get-ItemPropertyValue {
        [CmdletBinding()]
        param([string[]] $LiteralPath, [string[]] $Name)
        if ($LiteralPath[0] -notlike 'HKLM:*') { return & $script:Cmdlets['Get-ItemPropertyValue'] @PSBoundParameters }
        Invoke-StubCall -Name 'Get-ItemPropertyValue' -Bound $PSBoundParameters
    }

    Export-ModuleMember -Function @($Cmdlets.Keys)
} | Import-Module -Global

function Use-StubClock {
    <#
    .SYNOPSIS
    Gives the agent the bridge's time in place of the machine's: its three clock functions are replaced within its module.
    #>
    param([System.Management.Automation.PSModuleInfo] $Module)
    & $Module {
        param($Send)
        $script:StubClock = $Send
        function script:Get-HostTime { [datetime]::new(1970, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc).AddMilliseconds((& $script:StubClock 0)) }
        function script:Get-MonotonicMilliseconds { [long](& $script:StubClock 0) }
        function script:Wait-HostTime { param([int] $Milliseconds) [void] (& $script:StubClock $Milliseconds) }
    } { param($advance) (Send-ToBridge -Path '/clock' -Body @{ advance = $advance }).now }
}

Export-ModuleMember -Function 'Use-StubClock'
