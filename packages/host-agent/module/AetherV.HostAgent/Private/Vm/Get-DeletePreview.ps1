function Get-DeletePreview {
    <#
    .SYNOPSIS
    Returns what a deletion with this plan removes, and what it leaves: as its result will list them.
    .PARAMETER Vm
    The VM that is deleted; null if only a disk is.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Plan,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [AllowNull()] [System.Collections.IDictionary] $Vm = $null
    )
    $deletes = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $remaining = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    if ($null -ne $Plan['role']) { [void] $deletes.Add($Plan['role']) }
    $merges = $null -ne $Vm -and @($Vm['checkpoints']).Count -gt 0
    $gone = @{}
    foreach ($path in @($Plan['chain'])) {
        $reason = Select-Left -List @($Plan['stay']) -Path $path
        $folder = $path.Substring(0, $path.LastIndexOf('\'))
        # Hyper-V merges the checkpoint files into the disk below them.
        if ($merges -and $path -match '\.avhdx?\z' -and @($Plan['own']) -contains $path -and (Test-HostFolder -Path $folder)) { $reason = $null }
        elseif ($null -eq $reason -and $null -eq (Get-HostFile -Path $path) -and -not (Test-HostFolder -Path $folder)) {
            $reason = [ordered]@{ path = $path; reason = 'failed'; message = 'Its folder cannot be found.' }
        }
        if ($null -ne $reason) { [void] $remaining.Add($reason); continue }
        [void] $deletes.Add($path)
        $gone[(Get-PathKey -Path $path)] = $true
    }
    foreach ($one in @($Plan['stay'])) { if ($null -ne $one -and @($Plan['chain']) -notcontains $one['path']) { [void] $remaining.Add($one) } }
    if ($null -ne $Vm) {
        foreach ($path in @(Get-VmOwnFile -Vm $Vm)) { $gone[(Get-PathKey -Path $path)] = $true }
    }
    foreach ($folder in @($Plan['folders'])) {
        foreach ($path in @(Select-FolderToGo -Path $folder -Gone $gone -Configuration $Configuration)) {
            $gone[(Get-PathKey -Path $path)] = $true
            [void] $deletes.Add($path)
        }
    }
    $folder = $Plan['configurationPath']
    if ($null -ne $folder -and -not (Test-HostFolder -Path $folder) -and $deletes -notcontains $folder) { [void] $deletes.Add($folder) }
    return @{ Deletes = $deletes.ToArray(); Remaining = $remaining.ToArray() }
}

function Get-VmOwnFile {
    <#
    .SYNOPSIS
    Returns the files and folders that Hyper-V removes with the VM: those in its configuration folder with its GUID as name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Vm)
    $folder = "$($Vm['configurationPath'])\Virtual Machines"
    foreach ($name in @(Get-HostFolderName -Path $folder)) {
        if ("$name".StartsWith($Vm['vmId'], [System.StringComparison]::OrdinalIgnoreCase)) { "$folder\$name" }
    }
}

function Select-FolderToGo {
    <#
    .SYNOPSIS
    Returns the folder and its parents as far as they would be empty, but never a folder that the configuration names
    (Remove-SagaFolder).
    .PARAMETER Gone
    The keys of the files and folders that are removed before.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Gone,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration
    )
    $named = @(Get-NamedFolder -Configuration $Configuration)
    $below = ''
    for ($folder = $Path; $named -notcontains (Get-PathKey -Path $folder) -and $null -ne (Get-StorageRoot -Configuration $Configuration -Path $folder); $folder = $folder.Substring(0, $folder.LastIndexOf('\'))) {
        $key = Get-PathKey -Path $folder
        if ($Gone.ContainsKey($key)) { $below = $key; continue }
        if (-not (Test-HostFolder -Path $folder)) { continue }
        foreach ($name in @(Get-HostFolderName -Path $folder)) {
            $child = Get-PathKey -Path "$folder\$name"
            if ($child -cne $below -and -not $Gone.ContainsKey($child)) { return }
        }
        $below = $key
        $folder
    }
}
