# The facts of a VM are one line, whose size is limited. The lists that the contract allows can exceed it.

# Size limit of the facts within a line of 262,144 bytes; the rest is for the envelope and other fields of a result.
$script:MaxVmBytes = 245760
# Lists that may be cut. Texts have their own limits and fit together.
$script:VmLists = @('disks', 'dvdDrives', 'networkAdapters', 'checkpoints', 'bootOrder', 'problems')

function Limit-VmFacts {
    <#
    .SYNOPSIS
    Cuts the facts of a VM until they fit into a line: halves the largest list repeatedly. Adds a problem for each list
    that was cut.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Facts)
    if ((ConvertTo-AgentJson -Value $Facts).Length -le $script:MaxVmBytes) { return $Facts }
    $limited = [ordered]@{}
    foreach ($entry in $Facts.GetEnumerator()) { $limited[[string]$entry.Key] = $entry.Value }
    $cut = [ordered]@{}
    while ($true) {
        $largest = Select-LargestList -Facts $limited
        $list = @($limited[$largest])
        $limited[$largest] = @(for ($index = 0; $index -lt [System.Math]::Floor($list.Length / 2); $index++) { $list[$index] })
        $cut[$largest] = $limited[$largest].Length
        $problems = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
        foreach ($name in $cut.Keys) {
            if ($name -ceq 'problems') { continue }
            Add-FactProblem -Problem $problems -Part $name -Message "There are $(@($Facts[$name]).Length) entries; only the first $($cut[$name]) are reported, because the facts of a VM must fit into one line."
        }
        foreach ($one in $limited['problems']) { Add-FactProblem -Problem $problems -Part $one['part'] -Message $one['message'] }
        if ($cut.Contains('problems')) { Add-FactProblem -Problem $problems -Part 'problems' -Message 'There are more problems than fit into one line.' }
        $told = [ordered]@{}
        foreach ($entry in $limited.GetEnumerator()) { $told[[string]$entry.Key] = $entry.Value }
        $told['problems'] = $problems.ToArray()
        if ((ConvertTo-AgentJson -Value $told).Length -le $script:MaxVmBytes) { return $told }
    }
}

function Select-LargestList {
    <#
    .SYNOPSIS
    Returns the name of the list that takes most space in a VM's facts.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Facts)
    $largest = $null
    $most = -1
    foreach ($name in $script:VmLists) {
        $length = (ConvertTo-AgentJson -Value @($Facts[$name])).Length
        if ($length -gt $most) { $largest = $name; $most = $length }
    }
    return $largest
}

function Write-VmItem {
    <#
    .SYNOPSIS
    Writes the item of a VM. Lists that do not fit into a line are cut; other VMs are not affected.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Facts
    )
    try { Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'vm'; vm = $Facts }) }
    catch [System.OverflowException] { Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'vm'; vm = Limit-VmFacts -Facts $Facts }) }
}
