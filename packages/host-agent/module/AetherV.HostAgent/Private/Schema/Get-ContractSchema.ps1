$script:SchemaCache = @{}
$script:TableCache = @{}

function Get-ContractSchema {
    <#
    .SYNOPSIS
    A schema of the contract by its name ("envelope", "vm.start.request"); null when the agent has none of that name.
    .DESCRIPTION
    The files are copies of packages/types/schema. A name is only ever looked up among those that are shipped.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $Name)
    if ($script:SchemaCache.Count -eq 0) {
        foreach ($shipped in Get-ShippedName -Folder 'schema') { $script:SchemaCache[$shipped] = $null }
    }
    if (-not $script:SchemaCache.ContainsKey($Name)) { return $null }
    if ($null -eq $script:SchemaCache[$Name]) {
        $script:SchemaCache[$Name] = ConvertFrom-AgentJson -Text (Read-ShippedFile -Folder 'schema' -Name $Name)
    }
    return $script:SchemaCache[$Name]
}

function Get-PowerAction {
    <#
    .SYNOPSIS
    One row of the table of power actions that API, console and agents share (packages/types, vm-actions).
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $Name)
    return (Get-ContractTable -Name 'vm-actions')[$Name]
}

function Test-MutatingOperation {
    <#
    .SYNOPSIS
    Whether an operation of the contract changes something (packages/types, operations); false for one that is not known.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Op)
    $table = Get-ContractTable -Name 'operations'
    return $table.Contains($Op) -and $table[$Op]['mutates']
}

function Get-ContractTable {
    <#
    .SYNOPSIS
    A table of packages/types that the module ships.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [ValidateSet('operations', 'vm-actions', 'vm-update-rules', 'windows')] [string] $Name)
    if (-not $script:TableCache.ContainsKey($Name)) {
        $script:TableCache[$Name] = ConvertFrom-AgentJson -Text (Read-ShippedFile -Folder 'tables' -Name $Name)
    }
    return $script:TableCache[$Name]
}
