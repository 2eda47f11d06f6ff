Register-Operation -Op 'agent.info' -Function 'Invoke-AgentInfoOperation'

function Invoke-AgentInfoOperation {
    <#
    .SYNOPSIS
    agent.info: returns the identity of the host, its PowerShell and the agent's capabilities.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $name = Get-HostName
    $cluster = Get-ClusterInstance -ClassName 'MSCluster_Cluster'
    $Context.Result = [ordered]@{
        hostId            = $name.ToLowerInvariant()
        name              = $name
        agentVersion      = $script:AgentVersion
        contract          = $script:ContractVersion
        powershellVersion = [string]$PSVersionTable.PSVersion
        powershellEdition = [string]$PSVersionTable.PSEdition
        languageMode      = Get-CallerLanguageMode
        executionPolicy   = [string](Microsoft.PowerShell.Security\Get-ExecutionPolicy)
        hyperV            = Test-VirtualizationReadable
        clusterName       = $(if ($null -eq $cluster) { $null } else { [string]$cluster.Name })
        capabilities      = @('cancel', 'watch')
    }
}
