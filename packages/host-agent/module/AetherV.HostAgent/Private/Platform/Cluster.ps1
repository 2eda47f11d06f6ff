# root\MSCluster on the node itself: the FailoverClusters cmdlets do not run in a remote session without CredSSP.

function Get-ClusterInstance {
    <#
    .SYNOPSIS
    Returns the instances of a class in root\MSCluster; nothing if the host has no cluster or its cluster service is
    stopped.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('MSCluster_Cluster', 'MSCluster_Node', 'MSCluster_ResourceGroup', 'MSCluster_Resource')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    try { CimCmdlets\Get-CimInstance -Namespace 'root\MSCluster' -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition }
    catch {
        # MI_Result (DSP0200): 3 invalid namespace, 5 invalid class. A host without the cluster feature is not an error.
        if (@(3, 5) -contains (Get-CimErrorCode -ErrorRecord $_)) { return }
        $service = Get-HostInstance -ClassName 'Win32_Service' -Filter "Name='ClusSvc'"
        if ($null -ne $service -and -not $service.Started) { return }
        throw
    }
}

function Get-ClusterInstanceId {
    <#
    .SYNOPSIS
    Returns the GUID of the cluster from the cluster database. MSCluster_Cluster has no such property.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return [string](Microsoft.PowerShell.Management\Get-ItemPropertyValue -LiteralPath 'HKLM:\Cluster' -Name 'ClusterInstanceID')
}

function Get-ClusterVmId {
    <#
    .SYNOPSIS
    Returns the GUIDs of the clustered VMs from the cluster database in this node's registry; nothing if it cannot be
    read.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    # Resources of other types have no VmID.
    foreach ($one in Microsoft.PowerShell.Management\Get-ItemProperty -Path 'HKLM:\Cluster\Resources\*\Parameters' -Name 'VmID' -ErrorAction SilentlyContinue) { "$($one.VmID)" }
}

function Get-CimErrorCode {
    <#
    .SYNOPSIS
    Returns the MI_Result of a CimException; 0 for any other error.
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
    Makes a VM of this node a clustered role.
    .DESCRIPTION
    The documentation of AddVirtualMachine does not define its argument. The GUID is unambiguous, so it is tried first;
    if that creates no role, the name is tried, provided that no other VM on this host has it.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [string] $Name
    )
    $refusal = $null
    try { Invoke-AddVirtualMachine -VirtualMachine "$VmId" }
    catch { $refusal = $_ }
    if ((Read-ClusterRole -Clustered $true).ContainsKey("$VmId".ToUpperInvariant())) { return }
    try { Assert-VmNameFree -Name $Name -Except "$VmId" }
    catch { throw $(if ($null -ne $refusal) { $refusal } else { $_ }) }
    Invoke-AddVirtualMachine -VirtualMachine $Name
}

function Invoke-AddVirtualMachine {
    <#
    .SYNOPSIS
    Calls MSCluster_Cluster.AddVirtualMachine.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VirtualMachine)
    [void] (CimCmdlets\Invoke-CimMethod -Namespace 'root\MSCluster' -Query 'SELECT * FROM MSCluster_Cluster' -MethodName 'AddVirtualMachine' -Arguments @{
            VirtualMachine = $VirtualMachine
        } -OperationTimeoutSec $script:CimTimeoutSeconds)
}

function Remove-ClusterRole {
    <#
    .SYNOPSIS
    Removes the clustered role of a VM by MSCluster_ResourceGroup.DestroyGroup (1: with its resources); the VM stays.
    Refuses a group that holds other resources, because those would lose their role too.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Assert-OnlyRole -VmId $VmId
    Invoke-RoleMethod -VmId $VmId -Method 'DestroyGroup' -Arguments @{ Options = [uint32]1 }
    if ((Read-ClusterRole -Clustered $true).ContainsKey("$VmId".ToUpperInvariant())) { throw (New-OperationFailure -Code 'agent-error' -Message "The cluster removed the role of the VM $VmId but still lists it.") }
}

function Assert-OnlyRole {
    <#
    .SYNOPSIS
    Throws in-use if a VM's group holds resources that do not belong to the VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    $resources = @(Get-ClusterInstance -ClassName 'MSCluster_Resource')
    $group = $null
    foreach ($one in $resources) { if ($one.Type -eq 'Virtual Machine' -and "$($one.PrivateProperties.VmID)".Trim('{', '}') -eq "$VmId") { $group = $one.OwnerGroup } }
    if ($null -eq $group) { return }
    foreach ($one in $resources) {
        if ($one.OwnerGroup -ne $group -or "$($one.PrivateProperties.VmID)".Trim('{', '}') -eq "$VmId") { continue }
        throw (New-OperationFailure -Code 'in-use' -Message "The clustered role `"$group`" also holds `"$($one.Name)`"." -Remedy 'Move that resource to its own role first.')
    }
}

function Move-ClusterRole {
    <#
    .SYNOPSIS
    Calls MSCluster_ResourceGroup.MoveToNewNodeParams, which requires NodeName. Returns once the cluster has accepted
    the move.
    .DESCRIPTION
    Flags of MoveClusterGroupEx: 2 return to the source on an error, 4 queue while the VM is locked, 8 start with high
    priority.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [string] $Node,
        [Parameter(Mandatory)] [bool] $Live
    )
    Invoke-RoleMethod -VmId $VmId -Method 'MoveToNewNodeParams' -Arguments @{
        NodeName = $Node; Flags = [uint32]14; Parameters = New-MoveParameter -Live $Live
    }
}

function New-MoveParameter {
    <#
    .SYNOPSIS
    Creates the property list of a move (CLUSPROP_LIST): migration type 4 (live) for the VM and its configuration, or an
    empty list for a VM that does not run.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param([Parameter(Mandatory)] [bool] $Live)
    $bytes = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $names = @(if ($Live) { 'Virtual Machine', 'Virtual Machine Configuration' })
    $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$names.Length))
    foreach ($name in $names) {
        # CLUSPROP_SYNTAX_NAME with its text, padded to four bytes; CLUSPROP_SYNTAX_LIST_VALUE_DWORD; CLUSPROP_SYNTAX_ENDMARK.
        $text = [System.Text.Encoding]::Unicode.GetBytes("$name`0")
        foreach ($number in 262147, $text.Length) { $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$number)) }
        $bytes.AddRange($text)
        while ($bytes.Count % 4 -ne 0) { [void] $bytes.Add([byte]0) }
        foreach ($number in 65538, 4, 4, 0) { $bytes.AddRange([System.BitConverter]::GetBytes([uint32]$number)) }
    }
    return , [byte[]]$bytes.ToArray([byte])
}

function Invoke-RoleMethod {
    <#
    .SYNOPSIS
    Calls a method of the resource group (MSCluster_ResourceGroup) of a VM. Does nothing if the VM has no group.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [ValidateSet('DestroyGroup', 'MoveToNewNodeParams')] [string] $Method,
        [Parameter(Mandatory)] [hashtable] $Arguments
    )
    foreach ($resource in Get-ClusterInstance -ClassName 'MSCluster_Resource' -Filter "Type='Virtual Machine'") {
        if ("$($resource.PrivateProperties.VmID)".Trim('{', '}') -ne "$VmId") { continue }
        # A group name may contain a quote, which a backslash escapes in WQL.
        $name = "$($resource.OwnerGroup)".Replace('\', '\\').Replace("'", "\'")
        [void] (CimCmdlets\Invoke-CimMethod -Namespace 'root\MSCluster' -Query "SELECT * FROM MSCluster_ResourceGroup WHERE Name='$name'" -MethodName $Method -Arguments $Arguments -OperationTimeoutSec $script:CimTimeoutSeconds)
        return
    }
}
