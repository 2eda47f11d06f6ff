<#
.SYNOPSIS
What in these files is not on the list of what Windows PowerShell 5.1 has. Writes one line for each: file:line kind name.
.DESCRIPTION
Parses with the engine's own parser, which knows every syntax that is newer, and compares commands, parameters, types, members, syntax
and automatic variables with the list. Own functions are known by their definitions. -Inventory writes what is used instead.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string[]] $Path,
    [Parameter(Mandatory)] [string] $AllowList,
    [switch] $Inventory
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$allowed = Get-Content -LiteralPath $AllowList -Raw | ConvertFrom-Json -AsHashtable
$trees = foreach ($file in $Path) {
    $tokens = $null
    $errors = $null
    $tree = [System.Management.Automation.Language.Parser]::ParseFile($file, [ref] $tokens, [ref] $errors)
    foreach ($problem in $errors) { "$(Split-Path -Path $file -Leaf):$($problem.Extent.StartLineNumber) parse $($problem.ErrorId)" }
    if (-not $Inventory -and [System.IO.File]::ReadAllBytes($file).Where({ $_ -gt 127 }, 'First').Count -gt 0) { "$(Split-Path -Path $file -Leaf):1 encoding not-ascii" }
    , @{ Name = Split-Path -Path $file -Leaf; Tree = $tree }
}
$lines = @($trees | Where-Object { $_ -is [string] })
$trees = @($trees | Where-Object { $_ -is [hashtable] })

$functions = @{}
$assigned = @{}
foreach ($one in $trees) {
    foreach ($node in $one.Tree.FindAll({ $true }, $true)) {
        if ($node -is [System.Management.Automation.Language.FunctionDefinitionAst]) { $functions[$node.Name] = @($node.Body.FindAll({ param($n) $n -is [System.Management.Automation.Language.ParameterAst] }, $false) | ForEach-Object { $_.Name.VariablePath.UserPath }) }
        if ($node -is [System.Management.Automation.Language.ParameterAst]) { $assigned[$node.Name.VariablePath.UserPath] = $true }
        if ($node -is [System.Management.Automation.Language.ForEachStatementAst]) { $assigned[$node.Variable.VariablePath.UserPath] = $true }
        if ($node -is [System.Management.Automation.Language.AssignmentStatementAst]) {
            foreach ($left in $node.Left.FindAll({ param($n) $n -is [System.Management.Automation.Language.VariableExpressionAst] }, $true)) { $assigned[$left.VariablePath.UserPath] = $true }
        }
    }
}

$found = [System.Collections.Generic.List[object]]::new()
function Add-Found {
    param([object] $Node, [string] $File, [string] $Kind, [string] $Name)
    $found.Add(@{ Where = "${File}:$($Node.Extent.StartLineNumber)"; Kind = $Kind; Name = $Name })
}

foreach ($one in $trees) {
    $file = $one.Name
    foreach ($node in $one.Tree.FindAll({ $true }, $true)) {
        Add-Found -Node $node -File $file -Kind 'syntax' -Name $node.GetType().Name
        switch ($node) {
            { $_ -is [System.Management.Automation.Language.CommandAst] } {
                $name = $_.GetCommandName()
                if ($null -eq $name) { Add-Found $_ $file 'dynamic' $file; break }
                if (-not $functions.ContainsKey($name)) { Add-Found $_ $file 'command' $name }
                foreach ($parameter in $_.CommandElements) {
                    if ($parameter -isnot [System.Management.Automation.Language.CommandParameterAst]) { continue }
                    if ($functions.ContainsKey($name)) {
                        if ($functions[$name] -notcontains $parameter.ParameterName) { Add-Found $parameter $file 'own-parameter' "$name -$($parameter.ParameterName)" }
                    }
                    else { Add-Found $parameter $file 'parameter' "$name -$($parameter.ParameterName)" }
                }
                if ($name -eq 'New-Object') {
                    foreach ($text in $_.CommandElements) { if ($text -is [System.Management.Automation.Language.StringConstantExpressionAst] -and $text.Value -like 'System.*') { Add-Found $text $file 'type' $text.Value } }
                }
            }
            { $_ -is [System.Management.Automation.Language.TypeExpressionAst] -or $_ -is [System.Management.Automation.Language.TypeConstraintAst] } { Add-Found $_ $file 'type' $_.TypeName.FullName }
            { $_ -is [System.Management.Automation.Language.AttributeAst] } { Add-Found $_ $file 'attribute' $_.TypeName.FullName }
            { $_ -is [System.Management.Automation.Language.MemberExpressionAst] } {
                $member = if ($_.Member -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Member.Value } else { '(computed)' }
                if ($_.Static) { Add-Found $_ $file 'static' "$($_.Expression.Extent.Text)::$member" }
                elseif ($_ -is [System.Management.Automation.Language.InvokeMemberExpressionAst]) { Add-Found $_ $file 'method' $member }
                if ($_.PSObject.Properties['NullConditional'] -and $_.NullConditional) { Add-Found $_ $file 'syntax' 'NullConditional' }
            }
            { $_ -is [System.Management.Automation.Language.IndexExpressionAst] } { if ($_.NullConditional) { Add-Found $_ $file 'syntax' 'NullConditional' } }
            { $_ -is [System.Management.Automation.Language.BinaryExpressionAst] } { Add-Found $_ $file 'operator' "$($_.Operator)" }
            { $_ -is [System.Management.Automation.Language.UnaryExpressionAst] } { Add-Found $_ $file 'operator' "$($_.TokenKind)" }
            { $_ -is [System.Management.Automation.Language.AssignmentStatementAst] } { Add-Found $_ $file 'operator' "$($_.Operator)" }
            { $_ -is [System.Management.Automation.Language.PipelineAst] } { if ($_.Background) { Add-Found $_ $file 'syntax' 'Background' } }
            { $_ -is [System.Management.Automation.Language.VariableExpressionAst] } {
                $name = $_.VariablePath.UserPath
                if (-not $assigned.ContainsKey($name)) { Add-Found $_ $file 'variable' $name }
            }
        }
    }
}

if ($Inventory) {
    $found | ForEach-Object { "$($_.Kind) $($_.Name)" } | Sort-Object -Unique
    return
}
$lines
foreach ($item in $found) {
    if ($item.Kind -eq 'own-parameter' -or -not $allowed.ContainsKey($item.Kind) -or -not $allowed[$item.Kind].ContainsKey($item.Name)) { "$($item.Where) $($item.Kind) $($item.Name)" }
}
