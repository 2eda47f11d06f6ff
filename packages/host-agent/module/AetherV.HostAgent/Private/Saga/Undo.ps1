# What a step may have left, by its kind, in the order in which it is taken away: a role hides its VM, a VM holds its files, a file
# fills its folder. Each looks for what is there, for a session may have died before or after the step it undoes.
$script:UndoOrder = @('role', 'vm', 'file', 'folder')
$script:UndoFunctions = @{ role = 'Undo-RoleStep'; vm = 'Undo-VmStep'; file = 'Undo-FileStep'; folder = 'Undo-FolderStep' }

function Undo-Saga {
    <#
    .SYNOPSIS
    Takes away what the steps so far may have left, the last first.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $record = $Saga.Record
    foreach ($kind in $script:UndoOrder) {
        $entries = @(@($record['facts']['undo']) | Where-Object -FilterScript { $null -ne $_ -and $_['kind'] -ceq $kind })
        [System.Array]::Reverse($entries)
        foreach ($entry in $entries) {
            Write-LogLine -Context $Saga.Context -Level 'warning' -Message "Undoing: $kind $($entry['path'])"
            try { & $script:UndoFunctions[$kind] -Entry $entry }
            catch { Write-LogLine -Context $Saga.Context -Level 'error' -Message "That could not be undone: $((ConvertTo-ErrorInfo -ErrorRecord $_)['message'])" }
        }
    }
    $record['facts']['undo'] = @()
}

function Undo-RoleStep {
    <#
    .SYNOPSIS
    Takes back a clustered role that was made, or was removed.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $has = (Read-ClusterRole -Clustered $true).ContainsKey($Entry['vmId'].ToUpperInvariant())
    if ($Entry['wanted'] -and -not $has) { Add-ClusterRole -VmId $Entry['vmId'] }
    if (-not $Entry['wanted'] -and $has) { Remove-ClusterRole -VmId $Entry['vmId'] }
}

function Undo-VmStep {
    <#
    .SYNOPSIS
    Removes a VM that was made: the one of this name whose configuration lies in the folder that was free before.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        if ($setting.VirtualSystemType -ne 'Microsoft:Hyper-V:System:Realized' -or $setting.ElementName -cne $Entry['name']) { continue }
        if ("$($setting.ConfigurationDataRoot)".TrimEnd('\') -ne $Entry['path']) { continue }
        Remove-HyperVMachine -VmId ([string]$setting.VirtualSystemIdentifier)
    }
}

function Undo-FileStep {
    <#
    .SYNOPSIS
    Removes a file that was made under a name that was free before; waits while the host still writes it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    for ($attempt = 1; ; $attempt++) {
        if ($null -eq (Get-HostFile -Path $Entry['path'])) { return }
        try { Remove-HostFile -Path $Entry['path']; return }
        catch {
            if ($attempt -ge 600) { throw }
            Wait-HostTime -Milliseconds 1000
        }
    }
}

function Undo-FolderStep {
    <#
    .SYNOPSIS
    Removes folders that were made, as far as they are empty, the innermost first.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $made = @($Entry['made'])
    [System.Array]::Reverse($made)
    foreach ($folder in $made) {
        if ((Test-HostFolder -Path $folder) -and (Test-HostFolderEmpty -Path $folder)) { Remove-HostFolder -Path $folder }
    }
}
