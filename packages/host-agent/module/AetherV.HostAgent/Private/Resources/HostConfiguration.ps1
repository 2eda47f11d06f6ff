function Read-HostConfiguration {
    <#
    .SYNOPSIS
    What the host's administrator tells agents (hostresources.json); without the file the default folders and the switches.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    $path = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName((Get-DataFolder -Name 'journal')), 'hostresources.json')
    $text = Read-WholeFile -Path $path
    if ($null -eq $text) { return New-DefaultConfiguration }
    try { $configuration = ConvertFrom-AgentJson -Text $text }
    catch [System.FormatException] { throw (New-OperationFailure -Code 'agent-error' -Message "$path is not JSON." -Remedy 'Correct the file on the host.') }
    $wrong = Find-SchemaError -Value $configuration -Schema (Get-ContractSchema -Name 'host-configuration')
    if ($null -ne $wrong) { throw (New-OperationFailure -Code 'agent-error' -Message "${path}: $wrong" -Remedy 'Correct the file on the host.') }
    return $configuration
}

function New-DefaultConfiguration {
    <#
    .SYNOPSIS
    The configuration of a host whose administrator has said nothing.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    $settings = Get-HyperVHost
    $networks = @(foreach ($one in Get-HyperVSwitch) {
            [ordered]@{ name = [string]$one.Name; model = 'vlan'; configuration = [ordered]@{ virtual_switch = [string]$one.Name; vlan_id = $null } }
        })
    return [ordered]@{
        storage_classes = @([ordered]@{ name = 'Default'; path = "$($settings.VirtualMachinePath)".TrimEnd('\') })
        networks = $networks; virtual_machines_path = "$($settings.VirtualMachinePath)".TrimEnd('\')
    }
}

function Get-Optional {
    <#
    .SYNOPSIS
    The list under a name of the configuration; none where it is left out.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Name
    )
    if ($Configuration.Contains($Name)) { $Configuration[$Name] }
}

function Select-ByName {
    <#
    .SYNOPSIS
    The entry of this name, to the letter; throws not-found.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $List,
        [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $What,
        [Parameter(Mandatory)] [string] $Name
    )
    foreach ($one in $List) { if ($one[$Key] -ceq $Name) { return $one } }
    throw (New-OperationFailure -Code 'not-found' -Message "This host has no $What `"$Name`".")
}

function Test-PathInside {
    <#
    .SYNOPSIS
    Whether a path lies below a folder, part by part and ignoring case: C:\VMs2 is not inside C:\VMs.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Folder
    )
    return $Path.StartsWith($Folder.TrimEnd('\') + '\', [System.StringComparison]::OrdinalIgnoreCase)
}

function Get-StorageRoot {
    <#
    .SYNOPSIS
    The folder of the storage class that holds a path; null for what lies outside all of them, which is none of ours.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Path
    )
    foreach ($one in $Configuration['storage_classes']) { if (Test-PathInside -Path $Path -Folder $one['path']) { return $one['path'] } }
    return $null
}
