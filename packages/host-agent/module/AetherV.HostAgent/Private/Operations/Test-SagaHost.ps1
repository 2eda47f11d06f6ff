Register-Operation -Op 'host.test' -Saga 'Test-SagaHost'

function Test-SagaHost {
    <#
    .SYNOPSIS
    The only step of host.test: proves that this host runs the agent and writes its journal.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    Step-Saga -Saga $Saga -Message 'Write the journal of the host.'
    $Saga.Result = [ordered]@{ hostName = Get-HostName; agentVersion = $script:AgentVersion }
}
