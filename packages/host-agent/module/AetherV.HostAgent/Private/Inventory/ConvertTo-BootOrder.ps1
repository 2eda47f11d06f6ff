function ConvertTo-BootOrder {
    <#
    .SYNOPSIS
    Ids of drives and adapters in the order of the firmware; null for generation 1. BootSourceOrder names boot sources by path, and
    Msvm_LogicalIdentity says which device each stands for. Sources without a device (files that a guest entered) are left out.
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [AllowNull()] [object] $Generation,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Identity,
        [Parameter(Mandatory)] [hashtable] $DriveId
    )
    if ($Generation -ne 2) { return $null }
    $devices = @{}
    foreach ($one in $Identity) {
        # Which of the two ends is the device is not documented.
        $devices[[string]$one.SameElement.InstanceID] = [string]$one.SystemElement.InstanceID
        $devices[[string]$one.SystemElement.InstanceID] = [string]$one.SameElement.InstanceID
    }
    $order = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($source in @($Setting.BootSourceOrder)) {
        $device = $devices[(Get-ParentId -Parent $source)]
        if ($null -eq $device -or $order.Count -ge 512) { continue }
        if ($DriveId.ContainsKey($device)) { [void] $order.Add($DriveId[$device]) }
        elseif ($device -match '\\([0-9A-Fa-f-]{36})\z') { [void] $order.Add($Matches[1].ToLowerInvariant()) }
    }
    return , $order.ToArray()
}
