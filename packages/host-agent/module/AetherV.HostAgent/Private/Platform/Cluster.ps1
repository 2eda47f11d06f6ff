# root\MSCluster on the node itself: the FailoverClusters cmdlets do not run in a remote session without CredSSP.

function Get-ClusterInstance {
    <#
    .SYNOPSIS
    Instances of a class of root\MSCluster; nothing on a host without a cluster.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('MSCluster_Cluster', 'MSCluster_Node', 'MSCluster_ResourceGroup', 'MSCluster_Resource')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    try { Get-CimInstance -Namespace 'root\MSCluster' -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition }
    catch {
        # MI_Result (MS-DMTF DSP0200): 3 there is no such namespace, 5 no such class. A host without the feature is no error.
        if (@(3, 5) -contains (Get-CimErrorCode -ErrorRecord $_)) { return }
        throw
    }
}

function Get-ClusterInstanceId {
    <#
    .SYNOPSIS
    The cluster's GUID. MSCluster_Cluster has no such property; the cluster database holds it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return [string](Get-ItemPropertyValue -LiteralPath 'HKLM:\Cluster' -Name 'ClusterInstanceID')
}

function Get-CimErrorCode {
    <#
    .SYNOPSIS
    The MI_Result of a CimException; 0 for any other error.
    #>
    [CmdletBinding()]
    [OutputType([int])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    $exception = $ErrorRecord.Exception
    if ($null -eq $exception.PSObject.Properties['NativeErrorCode']) { return 0 }
    return [int]$exception.NativeErrorCode
}

function Add-ClusterRole {
    <#
    .SYNOPSIS
    MSCluster_Cluster.AddVirtualMachine: makes a VM of this node a role of the cluster.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    [void] (Invoke-CimMethod -Namespace 'root\MSCluster' -Query 'SELECT * FROM MSCluster_Cluster' -MethodName 'AddVirtualMachine' -Arguments @{
            VirtualMachine = "$VmId"
        } -OperationTimeoutSec $script:CimTimeoutSeconds)
}

function Remove-ClusterRole {
    <#
    .SYNOPSIS
    MSCluster_ResourceGroup.DestroyGroup (1: with its resources) for the group of a VM; the VM stays.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    foreach ($resource in Get-ClusterInstance -ClassName 'MSCluster_Resource' -Filter "Type='Virtual Machine'") {
        if ("$($resource.PrivateProperties.VmID)".Trim('{', '}') -ne "$VmId") { continue }
        # A group's name may hold a quote; in WQL a backslash takes its meaning away.
        $name = "$($resource.OwnerGroup)".Replace('\', '\\').Replace("'", "\'")
        [void] (Invoke-CimMethod -Namespace 'root\MSCluster' -Query "SELECT * FROM MSCluster_ResourceGroup WHERE Name='$name'" -MethodName 'DestroyGroup' -Arguments @{
                Options = [uint32]1
            } -OperationTimeoutSec $script:CimTimeoutSeconds)
        return
    }
}
