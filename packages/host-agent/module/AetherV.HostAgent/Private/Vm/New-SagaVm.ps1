Register-Operation -Op 'vm.create' -Saga 'New-SagaVm'

function New-SagaVm {
    <#
    .SYNOPSIS
    Takes the steps of vm.create.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if (-not $Saga.Committed) { New-SagaMachine -Saga $Saga }
    $last = $Saga.Record['facts']['last']
    $facts = Read-OneVm -VmId $last['vmId']
    $Saga.Result = [ordered]@{ vm = Limit-VmFacts -Facts $facts; diskIds = @($last['diskIds']); adapterIds = @($last['adapterIds']) }
}

function New-SagaMachine {
    <#
    .SYNOPSIS
    Creates the VM with its disks, adapters, drives and role. After the last step the VM may be in use, so it is no
    longer rolled back.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $plan = Assert-CreateRequest -Context $Saga.Context -Request $request
    $Saga.Planned = 9 + @($request['disks']).Count * 3 + @($request['networkAdapters']).Count * 2
    $name = $request['name']
    $base = "$($plan.Path)\$name"
    Add-SagaFolder -Saga $Saga -Path "$base\Virtual Machines"
    $undo = [ordered]@{ kind = 'vm'; path = $base; name = $name; vmId = $null; at = ConvertTo-Timestamp -Time (Get-HostTime) }
    Invoke-SagaStep -Saga $Saga -Message "Create the VM `"$name`" in $($plan.Path)." -Undo $undo -Act {
        $undo['vmId'] = New-HyperVMachine -Name $name -Path $plan.Path -MemoryStartupBytes $request['memory']['startup']
    } -Done {
        $made = @(Find-MadeVm -Entry $undo)
        if ($made.Length -eq 1) { $undo['vmId'] = $made[0] }
        $made.Length -eq 1
    }
    $vmId = $undo['vmId']
    $Saga.Record['entry']['vmId'] = $vmId
    Save-JournalRecord -Record $Saga.Record
    $machine = Get-HyperVMachine -VmId $vmId
    foreach ($adapter in @(Get-HyperVAdapter -Machine $machine)) {
        if ($null -eq $adapter) { continue }
        Invoke-SagaStep -Saga $Saga -Message 'Remove the default network adapter.' -Act { Remove-HyperVAdapter -Adapter $adapter } -Done {
            $null -eq (Find-VmAdapter -VmId $vmId -AdapterId (Get-AdapterId -Adapter $adapter))
        }
    }
    Set-SagaSetting -Saga $Saga -VmId $vmId -Machine $machine
    $diskIds = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    if (@($request['disks']).Count -gt 0) { Add-SagaFolder -Saga $Saga -Path "$base\Virtual Hard Disks" }
    foreach ($disk in $request['disks']) {
        Add-SagaDisk -Saga $Saga -Machine $machine -Disk $disk -Folder "$base\Virtual Hard Disks" -Plan $plan
        [void] $diskIds.Add($Saga.DiskId)
    }
    $adapterIds = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($adapter in $request['networkAdapters']) {
        Add-SagaAdapter -Saga $Saga -Machine $machine -Adapter $adapter -Plan $plan
        [void] $adapterIds.Add($Saga.AdapterId)
    }
    if ($null -ne $request['dvd']) { Add-SagaDvdDrive -Saga $Saga -Machine $machine -Medium $request['dvd']['iso'] -Plan $plan }
    Set-SagaBootOrder -Saga $Saga -VmId $vmId -Machine $machine
    if ($request['clustered']) {
        Add-SagaVmRole -Saga $Saga -VmId $vmId -Name $name -Message 'Make the VM a clustered role.'
    }
    Set-LastStep -Saga $Saga -Last ([ordered]@{ vmId = $vmId; diskIds = $diskIds.ToArray(); adapterIds = $adapterIds.ToArray() })
    if ($request['start']) { Start-SagaVm -Saga $Saga -VmId $vmId }
    Assert-CreatedVm -Facts (Read-OneVm -VmId $vmId) -Request $request
    Complete-SagaPlan -Saga $Saga
}

function Add-SagaDvdDrive {
    <#
    .SYNOPSIS
    Adds a DVD drive, with a medium if one is requested.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [AllowNull()] [object] $Medium,
        [Parameter(Mandatory)] [hashtable] $Plan
    )
    $vmId = "$($Machine.Id)".ToLowerInvariant()
    Add-SagaDvd -Saga $Saga -VmId $vmId
    if ($null -eq $Medium) { return }
    $iso = Select-ByName -List $Plan.Media -Key 'id' -What 'ISO' -Name $Medium
    Set-SagaDriveMedium -Saga $Saga -VmId $vmId -DriveId $Saga.DriveId -Path $iso['path']
}

function Start-SagaVm {
    <#
    .SYNOPSIS
    Starts the VM and waits until it runs.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId
    )
    $name = $Saga.Context.Request['name']
    Invoke-SagaJobStep -Saga $Saga -Message 'Start the VM.' -Begin { Invoke-VmStateChange -VmId $VmId -RequestedState $script:RequestedStates['vm.start'] } -Follow {
        Assert-MethodAccepted -Answer $answer -Action (Get-PowerAction -Name 'start') -Name $name
        Wait-SagaJob -Saga $Saga -Message $Message -JobId $answer.Job
    } -Wait { Wait-VmState -Saga $Saga -VmId $VmId -Message $Message } -Done { (Get-VmCondition -VmId $VmId).State -ceq 'Running' }
}

function Set-SagaSetting {
    <#
    .SYNOPSIS
    Takes the step that sets processors, memory, automatic actions and secure boot of a new VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [object] $Machine
    )
    $request = $Saga.Context.Request
    $settings = @('notes', 'automaticStartAction', 'automaticStartDelaySeconds', 'automaticStopAction', 'checkpointType')
    $change = [ordered]@{}
    foreach ($one in @('processors', 'memory', 'secureBoot') + $settings) { $change[$one] = $request[$one] }
    $wanted = Get-WantedSetting -Vm @{ secureBoot = $null } -Change $change
    $message = 'Set processors, memory, automatic actions and secure boot.'
    Step-Saga -Saga $Saga -Message $message
    Invoke-SagaAct -Saga $Saga -Message $message -Act { Set-HyperVProcessor -Machine $Machine -Count $request['processors'] } -Done { Test-VmField -VmId $VmId -Field 'processors' -Value $wanted['processors'] }
    Invoke-SagaAct -Saga $Saga -Message $message -Act { Set-HyperVMemory -Machine $Machine -Memory $request['memory'] } -Done { Test-VmField -VmId $VmId -Field 'memory' -Value $wanted['memory'] }
    Invoke-SagaAct -Saga $Saga -Message $message -Act { Set-HyperVSetting -Machine $Machine -Setting $request } -Done {
        @(foreach ($field in $settings) { if (-not (Test-VmField -VmId $VmId -Field $field -Value $wanted[$field])) { $field } }).Length -eq 0
    }
    Invoke-SagaAct -Saga $Saga -Message $message -Act {
        Set-HyperVSecureBoot -Machine $Machine -Enabled ($request['secureBoot'] -cne 'off') -Template $(if ($request['secureBoot'] -ceq 'off') { $null } else { $request['secureBoot'] })
    } -Done { Test-VmField -VmId $VmId -Field 'secureBoot' -Value $wanted['secureBoot'] }
}

function Set-SagaBootOrder {
    <#
    .SYNOPSIS
    Takes the step that sets the boot order of a new VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [object] $Machine
    )
    $kinds = @($Saga.Context.Request['bootOrder'])
    Invoke-SagaStep -Saga $Saga -Message 'Set the boot order.' -Act { Set-HyperVBootOrder -Machine $Machine -Kind $kinds } -Done {
        $vm = Read-OneVm -VmId $VmId
        $ids = @{
            disk = @(foreach ($one in $vm['disks']) { $one['id'] }); network = @(foreach ($one in $vm['networkAdapters']) { $one['id'] })
            dvd = @(foreach ($one in $vm['dvdDrives']) { $one['id'] })
        }
        $seen = @{}
        $order = @(foreach ($kind in $kinds + @('disk', 'network', 'dvd')) { if (-not $seen.ContainsKey($kind)) { $seen[$kind] = $true; $ids[$kind] } })
        ($order -join '|') -ceq (@($vm['bootOrder']) -join '|')
    }
}
