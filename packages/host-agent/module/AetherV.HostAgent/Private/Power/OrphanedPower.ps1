function Update-OrphanedPower {
    <#
    .SYNOPSIS
    Determines the outcome of a power action whose session is gone: from its job, or from the VM if the session died
    before it recorded the answer.
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
    Determines from the state of the VM if the recorded request reached Hyper-V: target state, transition, or unchanged.
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
    # Unchanged: the request was not sent or had no effect. A request with the same id starts it again.
    Save-JournalStep -Record $Record -Step 'begun'
}

# Update functions for records without a session, by operation.
$script:OrphanRules = @{}
foreach ($op in 'vm.start', 'vm.shutdown', 'vm.stop', 'vm.restart', 'vm.reset', 'vm.save', 'vm.pause', 'vm.resume') {
    $script:OrphanRules[$op] = 'Update-OrphanedPower'
}
