function New-SagaVm {
    <#
    .SYNOPSIS
    The steps of vm.create.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if (-not $Saga.Committed) { New-SagaMachine -Saga $Saga }
    $last = $Saga.Record['facts']['last']
    $facts = Read-OneVm -VmId $last['vmId']
    $Saga.Result = [ordered]@{ vm = $facts; diskIds = @($last['diskIds']); adapterIds = @($last['adapterIds']) }
}

function New-SagaMachine {
    <#
    .SYNOPSIS
    Makes the VM with all that belongs to it. From its last step on it is somebody's, and nothing of it is undone.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $plan = Assert-CreateRequest -Request $request
    $Saga.Planned = 9 + @($request['disks']).Count * 3 + @($request['networkAdapters']).Count * 2
    $name = $request['name']
    $base = "$($plan.Path)\$name"
    Add-SagaFolder -Saga $Saga -Path "$base\Virtual Machines"
    Step-Saga -Saga $Saga -Message "Make the VM `"$name`" in $($plan.Path)." -Undo ([ordered]@{ kind = 'vm'; path = $base; name = $name; vmId = $null; at = ConvertTo-Timestamp -Time (Get-HostTime) })
    $vmId = New-HyperVMachine -Name $name -Path $plan.Path -MemoryStartupBytes $request['memory']['startup']
    $Saga.Record['entry']['vmId'] = $vmId
    foreach ($one in @($Saga.Record['facts']['undo'])) { if ($one['kind'] -ceq 'vm') { $one['vmId'] = $vmId } }
    Save-JournalRecord -Record $Saga.Record
    $machine = Get-HyperVMachine -VmId $vmId
    foreach ($adapter in @(Get-HyperVAdapter -Machine $machine)) {
        if ($null -eq $adapter) { continue }
        Invoke-SagaStep -Saga $Saga -Message 'Remove the adapter that Hyper-V adds.' -Act { Remove-HyperVAdapter -Adapter $adapter } -Done {
            $null -eq (Find-VmAdapter -VmId $vmId -AdapterId (Get-AdapterId -Adapter $adapter))
        }
    }
    Step-Saga -Saga $Saga -Message 'Set processors, memory and actions.'
    Set-HyperVProcessor -Machine $machine -Count $request['processors']
    Set-HyperVMemory -Machine $machine -Memory $request['memory']
    Set-HyperVSetting -Machine $machine -Setting $request
    Set-HyperVSecureBoot -Machine $machine -Enabled ($request['secureBoot'] -cne 'off') -Template $(if ($request['secureBoot'] -ceq 'off') { $null } else { $request['secureBoot'] })
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
    Step-Saga -Saga $Saga -Message 'Set the boot order.'
    Set-HyperVBootOrder -Machine $machine -Kind $request['bootOrder']
    if ($request['clustered']) {
        Add-SagaVmRole -Saga $Saga -VmId $vmId -Name $name -Message 'Make it a clustered role.'
    }
    Set-LastStep -Saga $Saga -Last ([ordered]@{ vmId = $vmId; diskIds = $diskIds.ToArray(); adapterIds = $adapterIds.ToArray() })
    if ($request['start']) { Start-SagaVm -Saga $Saga -VmId $vmId }
    Assert-CreatedVm -Facts (Read-OneVm -VmId $vmId) -Request $request
    Complete-SagaPlan -Saga $Saga
}

function Add-SagaDvdDrive {
    <#
    .SYNOPSIS
    Adds a DVD drive, with a medium where one is wanted.
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
    Turns the VM on, and waits until it runs.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId
    )
    Step-Saga -Saga $Saga -Message 'Start it.'
    $answer = Invoke-VmStateChange -VmId $VmId -RequestedState $script:RequestedStates['vm.start']
    Assert-MethodAccepted -Answer $answer -Action (Get-PowerAction -Name 'start') -Name $Saga.Context.Request['name']
    Wait-SagaJob -Saga $Saga -Message 'Start it.' -JobId $answer.Job
}
