Register-Operation -Op 'vm.update' -Saga 'Update-SagaVm'

function Update-SagaVm {
    <#
    .SYNOPSIS
    Takes the steps of vm.update: sets the settings that differ, all or none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $before = Read-OneVm -VmId $vmId
    Assert-Unchanged -Context $Saga.Context -Vm $before -Expected $request['expected']
    $wanted = Get-WantedSetting -Vm $before -Change $request['changes']
    $fields = @(Select-Difference -Vm $before -Wanted $wanted)
    Assert-UpdateRequest -Context $Saga.Context -Vm $before -Wanted $wanted -Field $fields
    $Saga.Planned = [System.Math]::Max(1, $fields.Length)
    foreach ($field in $fields) {
        $undo = [ordered]@{ kind = 'setting'; path = $field; vmId = $vmId; before = $before[$field] }
        Invoke-SagaStep -Saga $Saga -Message "Set $field." -Undo $undo -Act {
            Set-VmField -VmId $vmId -Field $field -Value $wanted[$field] -Live ($before['state'] -cne 'Off')
        } -Done { Test-VmField -VmId $vmId -Field $field -Value $wanted[$field] }
    }
    $vm = Read-OneVm -VmId $vmId
    $wrong = @(Select-Difference -Vm $vm -Wanted $wanted)
    if ($wrong.Length -gt 0) { throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V accepted the change of $($wrong -join ', '), but reports another value.") }
    $Saga.Result = [ordered]@{ vm = Limit-VmFacts -Facts $vm; applied = $fields }
}

function Get-WantedSetting {
    <#
    .SYNOPSIS
    Returns the requested settings in the form of the VM facts.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Change
    )
    $wanted = [ordered]@{}
    foreach ($entry in $Change.GetEnumerator()) { $wanted[[string]$entry.Key] = $entry.Value }
    if ($wanted.Contains('memory') -and -not $wanted['memory']['dynamic']) {
        $wanted['memory'] = [ordered]@{ dynamic = $false; startup = $wanted['memory']['startup']; minimum = $null; maximum = $null; bufferPercent = $null }
    }
    if ($wanted.Contains('secureBoot')) {
        $template = if ($null -ne $Vm['secureBoot']) { $Vm['secureBoot']['template'] } else { 'MicrosoftWindows' }
        $on = $wanted['secureBoot'] -cne 'off'
        $wanted['secureBoot'] = [ordered]@{ enabled = $on; template = $(if ($on) { $wanted['secureBoot'] } else { $template }) }
    }
    if ($wanted.Contains('bootOrder')) {
        $order = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
        foreach ($id in @($wanted['bootOrder']) + @($Vm['bootOrder'])) { if ($null -ne $id -and $order -cnotcontains $id) { [void] $order.Add($id) } }
        $wanted['bootOrder'] = $order.ToArray()
    }
    return $wanted
}

function Select-Difference {
    <#
    .SYNOPSIS
    Returns the names of the settings that differ, in the order of the contract's table.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Wanted
    )
    foreach ($field in (Get-ContractTable -Name 'vm-update-rules').Keys) {
        if ($Wanted.Contains($field) -and (ConvertTo-Comparable -Value $Wanted[$field]) -cne (ConvertTo-Comparable -Value $Vm[$field])) { $field }
    }
}

function ConvertTo-Comparable {
    <#
    .SYNOPSIS
    Converts a setting to a text that is equal for equal values, with parts sorted by name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if (-not ($Value -is [System.Collections.IDictionary])) { return ConvertTo-AgentJson -Value $Value }
    $sorted = [ordered]@{}
    foreach ($name in @($Value.Keys) | Microsoft.PowerShell.Utility\Sort-Object) { $sorted[$name] = $Value[$name] }
    return ConvertTo-AgentJson -Value $sorted
}

function Assert-Unchanged {
    <#
    .SYNOPSIS
    Refuses the change if the VM has other settings than the caller has seen; null accepts all.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [AllowNull()] [object] $Expected
    )
    if ($null -eq $Expected) { return }
    $changed = @(Select-Difference -Vm $Vm -Wanted $Expected)
    if ($changed.Length -eq 0) { return }
    Deny-Operation -Context $Context -Code 'conflict' -Message "The settings of `"$($Vm['name'])`" have changed since they were read: $($changed -join ', '). Nothing was changed." -Remedy 'Read the VM again, then repeat the change.'
}

function Assert-UpdateRequest {
    <#
    .SYNOPSIS
    Refuses before the first change everything that would fail later.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Wanted,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $Field
    )
    if ($Wanted.Contains('memory')) { Assert-MemorySetting -Context $Context -Memory $Wanted['memory'] }
    if ($Field -ccontains 'name') { Assert-VmNameFree -Context $Context -Name $Wanted['name'] -Except $Vm['vmId'] }
    Assert-VmIdle -Context $Context -Vm $Vm
    if ($Field -ccontains 'processors') { Assert-ProcessorCount -Context $Context -Count $Wanted['processors'] }
    if ($null -eq $Vm['bootOrder'] -and ($Field -ccontains 'secureBoot' -or $Field -ccontains 'bootOrder')) {
        Deny-Operation -Context $Context -Code 'not-supported' -Message "`"$($Vm['name'])`" is a generation 1 VM, which has neither secure boot nor a firmware boot order."
    }
    foreach ($id in @($Wanted['bootOrder'])) {
        if ($null -ne $id -and @($Vm['bootOrder']) -cnotcontains $id) { Deny-Operation -Context $Context -Code 'not-found' -Message "`"$($Vm['name'])`" has no device $id." }
    }
    if ($Vm['state'] -ceq 'Off') { return }
    $rules = Get-ContractTable -Name 'vm-update-rules'
    $needOff = @(foreach ($one in $Field) {
            if ($rules[$one]['needsOff'] -and -not ($one -ceq 'memory' -and (Test-LiveMemoryChange -Before $Vm['memory'] -After $Wanted['memory']))) { $one }
        })
    if ($needOff.Length -eq 0) { return }
    Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is $($Vm['state']): it must be off to change $($needOff -join ', '). Nothing was changed." -Remedy 'Shut the VM down first, or change only the other settings.'
}

function Test-LiveMemoryChange {
    <#
    .SYNOPSIS
    Returns true if a memory change works while the VM runs (packages/types, isLiveMemoryChange).
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Before,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $After
    )
    return $Before['dynamic'] -and $After['dynamic'] -and $Before['startup'] -eq $After['startup'] -and $After['minimum'] -le $Before['minimum'] -and $After['maximum'] -ge $Before['maximum']
}

function Test-VmField {
    <#
    .SYNOPSIS
    Returns true if a setting of a VM has this value.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Field,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value
    )
    return (ConvertTo-Comparable -Value (Read-OneVm -VmId $VmId)[$Field]) -ceq (ConvertTo-Comparable -Value $Value)
}

function Set-VmField {
    <#
    .SYNOPSIS
    Sets one setting of a VM to a value in the form of the VM facts.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Field,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [bool] $Live
    )
    $machine = Get-HyperVMachine -VmId $VmId
    switch -CaseSensitive ($Field) {
        'name' { Rename-HyperVMachine -Machine $machine -Name $Value }
        'processors' { Set-HyperVProcessor -Machine $machine -Count $Value }
        'memory' { Set-HyperVMemory -Machine $machine -Memory $Value -Live:$Live }
        'secureBoot' { Set-HyperVSecureBoot -Machine $machine -Enabled $Value['enabled'] -Template $Value['template'] }
        'bootOrder' { Set-HyperVDeviceOrder -Machine $machine -DeviceId $Value }
        default { Set-HyperVSetting -Machine $machine -Setting @{ $Field = $Value } }
    }
}
