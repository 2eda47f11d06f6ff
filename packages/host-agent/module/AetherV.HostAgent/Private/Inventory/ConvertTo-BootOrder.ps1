function ConvertTo-BootOrder {
    <#
    .SYNOPSIS
    Returns the ids of drives and adapters in firmware order; null for generation 1.
    .DESCRIPTION
    BootSourceOrder contains the paths of boot sources; Msvm_LogicalIdentity maps each to its device. Sources without a
    device (boot files that a guest added) are left out.
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
        # The documentation does not say which of the two references is the device.
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
