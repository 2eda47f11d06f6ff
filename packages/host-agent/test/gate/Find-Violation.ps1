<#
.SYNOPSIS
What in these files is not on the list of what Windows PowerShell 5.1 has. Writes one line for each: file:line kind name.
.DESCRIPTION
Commands of other modules stand there as Module\Name, and are called so: by the name alone, an alias, a function or a module that was
loaded later (VMware's has a Get-VM and a Remove-VM, too) would be called in their place.
Parses with the engine's own parser, which knows every syntax that is newer, and compares commands, parameters, types, members, syntax
and automatic variables with the list. A method stands there with its number of arguments, for newer .NET has more overloads of old names.
Own functions are known by their definitions, own properties by where they are made. -Inventory writes what is used instead.
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
# Properties that these files make themselves: keys of hashtables, and members that something is assigned to.
$made = @{}
foreach ($one in $trees) {
    foreach ($node in $one.Tree.FindAll({ $true }, $true)) {
        if ($node -is [System.Management.Automation.Language.FunctionDefinitionAst]) { $functions[$node.Name] = @($node.Body.FindAll({ param($n) $n -is [System.Management.Automation.Language.ParameterAst] }, $false) | ForEach-Object { $_.Name.VariablePath.UserPath }) }
        if ($node -is [System.Management.Automation.Language.ParameterAst]) { $assigned[$node.Name.VariablePath.UserPath] = $true }
        if ($node -is [System.Management.Automation.Language.ForEachStatementAst]) { $assigned[$node.Variable.VariablePath.UserPath] = $true }
        if ($node -is [System.Management.Automation.Language.AssignmentStatementAst]) {
            foreach ($left in $node.Left.FindAll({ param($n) $n -is [System.Management.Automation.Language.VariableExpressionAst] }, $true)) { $assigned[$left.VariablePath.UserPath] = $true }
            if ($node.Left -is [System.Management.Automation.Language.MemberExpressionAst] -and $node.Left.Member -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $made[$node.Left.Member.Value] = $true }
        }
        if ($node -is [System.Management.Automation.Language.HashtableAst]) {
            foreach ($pair in $node.KeyValuePairs) { if ($pair.Item1 -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $made[$pair.Item1.Value] = $true } }
        }
    }
}

<#
.SYNOPSIS
The names of the parameters that a splatted variable brings: what the function around it puts into that hashtable, by key, by member, or
by a key looked up in another hashtable of the function. '(computed)' stands for what cannot be told.
#>
function Get-SplattedName {
    param([object] $Splat)
    $scope = $Splat
    while ($scope.Parent -and $scope -isnot [System.Management.Automation.Language.FunctionDefinitionAst]) { $scope = $scope.Parent }
    $assignments = @($scope.FindAll({ param($n) $n -is [System.Management.Automation.Language.AssignmentStatementAst] }, $true))
    $tables = { param($Name) foreach ($one in $assignments) { if ($one.Left.Extent.Text -eq "`$$Name") { $one.Right.FindAll({ param($n) $n -is [System.Management.Automation.Language.HashtableAst] }, $true) } } }
    $name = $Splat.VariablePath.UserPath
    $literals = @(& $tables $name)
    if ($literals.Count -eq 0) { '(computed)' }
    foreach ($pair in @($literals | ForEach-Object { $_.KeyValuePairs })) { if ($pair.Item1 -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $pair.Item1.Value } else { '(computed)' } }
    foreach ($one in $assignments) {
        $left = $one.Left
        if ($left -is [System.Management.Automation.Language.MemberExpressionAst] -and $left.Expression.Extent.Text -eq "`$$name") { if ($left.Member -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $left.Member.Value } else { '(computed)' } }
        if ($left -isnot [System.Management.Automation.Language.IndexExpressionAst] -or $left.Target.Extent.Text -ne "`$$name") { continue }
        if ($left.Index -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $left.Index.Value; continue }
        $values = @(if ($left.Index -is [System.Management.Automation.Language.IndexExpressionAst]) { foreach ($table in & $tables $left.Index.Target.VariablePath.UserPath) { $table.KeyValuePairs | ForEach-Object { $_.Item2.Extent.Text.Trim("'") } } })
        if ($values.Count -eq 0) { '(computed)' } else { $values }
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
                foreach ($element in $_.CommandElements) {
                    $names = if ($element -is [System.Management.Automation.Language.CommandParameterAst]) { $element.ParameterName }
                    elseif ($element -is [System.Management.Automation.Language.VariableExpressionAst] -and $element.Splatted) { Get-SplattedName -Splat $element }
                    foreach ($parameter in $names) {
                        if (-not $functions.ContainsKey($name)) { Add-Found $element $file 'parameter' "$name -$parameter" }
                        elseif ($functions[$name] -notcontains $parameter) { Add-Found $element $file 'own-parameter' "$name -$parameter" }
                    }
                }
                if ($name -like '*New-Object') {
                    foreach ($text in $_.CommandElements) { if ($text -is [System.Management.Automation.Language.StringConstantExpressionAst] -and $text.Value -like 'System.*') { Add-Found $text $file 'type' $text.Value } }
                }
            }
            { $_ -is [System.Management.Automation.Language.TypeExpressionAst] -or $_ -is [System.Management.Automation.Language.TypeConstraintAst] } { Add-Found $_ $file 'type' $_.TypeName.FullName }
            { $_ -is [System.Management.Automation.Language.AttributeAst] } { Add-Found $_ $file 'attribute' $_.TypeName.FullName }
            { $_ -is [System.Management.Automation.Language.MemberExpressionAst] } {
                $member = if ($_.Member -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Member.Value } else { '(computed)' }
                $isCall = $_ -is [System.Management.Automation.Language.InvokeMemberExpressionAst]
                $count = if (-not $isCall) { '' } elseif ($null -eq $_.Arguments) { '/0' } else { "/$($_.Arguments.Count)" }
                if ($_.Static) { Add-Found $_ $file 'static' "$($_.Expression.Extent.Text)::$member$count" }
                elseif ($isCall) { Add-Found $_ $file 'method' "$member$count" }
                elseif (-not $made.ContainsKey($member)) { Add-Found $_ $file 'property' $member }
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
