function Update-OrphanedPower {
    <#
    .SYNOPSIS
    Learns what became of a power action whose session is gone: from its job, or from the VM where the session died between
    asking and noting the answer.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $action = Get-PowerAction -Name ($Record['entry']['op'].Substring(3))
    if ($Record['step'] -ceq 'asking') { Resolve-AskingStep -Record $Record -Action $action }
    if ($Record['entry']['state'] -cne 'running' -or $Record['step'] -cne 'asked') { return }
    $progress = Get-PowerProgress -Record $Record -Action $action
    if ($progress.Ended) { Complete-PowerAction -Record $Record -Action $action -Progress $progress; return }
    $Record['entry']['percent'] = $progress.Percent
    $Record['entry']['message'] = $progress.Message
}

function Resolve-AskingStep {
    <#
    .SYNOPSIS
    Whether what was about to be asked was asked: the VM is where it leads, on its way there, or as before.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action
    )
    $condition = Get-VmCondition -VmId $Record['entry']['vmId']
    if ($null -eq $condition) { return }
    $restarts = @('vm.reset', 'vm.restart') -ccontains $Action['op']
    $there = $condition.State -ceq $Action['target'] -and (-not $restarts -or (Test-VmRestarted -Record $Record -Condition $condition))
    if ($there -or $condition.State -ceq $Action['transition']) { Save-JournalStep -Record $Record -Step 'asked'; return }
    # As before: it was not asked, or it came to nothing. Whoever sends the id again begins it.
    Save-JournalStep -Record $Record -Step 'begun'
}

# What learns of an operation without a session, by the operation.
$script:OrphanRules = @{}
foreach ($op in 'vm.start', 'vm.shutdown', 'vm.stop', 'vm.restart', 'vm.reset', 'vm.save', 'vm.pause', 'vm.resume') {
    $script:OrphanRules[$op] = 'Update-OrphanedPower'
}
