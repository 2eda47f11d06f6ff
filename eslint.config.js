import js from '@eslint/js';
import jsdoc from 'eslint-plugin-jsdoc';
import { importX, createNodeResolver } from 'eslint-plugin-import-x';
import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { walls } from './tools/walls.js';

export default defineConfig(
  globalIgnores(['**/dist/', '**/test-results/', '.nx/', '.aether/', 'packages/api-client/src/generated/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['{apps,packages,tools,scripts}/**/*.{ts,tsx,js,mjs}'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['VariableDeclarator[id.name=NAME]', 'PropertyDefinition[static=true][key.name=NAME]'].map(
          (selector) => ({
            selector: selector.replace('NAME', '/^[A-Z][A-Z0-9_]*$/'),
            message: 'Name constants in camelCase.',
          }),
        ),
        {
          selector:
            ':matches(PropertyDefinition, MethodDefinition[kind!="constructor"])[accessibility="private"]',
          message: 'Write a private member as #name. Only parameters of a constructor may be private.',
        },
        {
          selector: 'ImportDeclaration[source.value="vitest"] > ImportSpecifier[imported.name="it"]',
          message: 'Write tests with test().',
        },
      ],
    },
  },
  {
    files: ['{apps,packages}/*/src/**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          conditionNames: ['@aether-v/source', 'node', 'import', 'default'],
          extensions: ['.ts', '.tsx', '.js', '.json'],
        }),
      ],
    },
    rules: {
      // Comments start with a verb or a noun. A subordinate clause reads like a riddle.
      'no-warning-comments': [
        'error',
        { terms: ['what', 'how', 'whether', 'who'], location: 'start', decoration: ['*'] },
      ],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: walls }],
      'import-x/no-extraneous-dependencies': 'error',
      'import-x/no-default-export': 'error',
      'max-lines': ['warn', { max: 300 }],
      'max-lines-per-function': ['warn', { max: 60 }],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: { jsdoc },
    rules: {
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          contexts: [
            'TSInterfaceDeclaration',
            'TSTypeAliasDeclaration',
            'ExportNamedDeclaration > VariableDeclaration',
          ],
          require: { ClassDeclaration: true, FunctionDeclaration: true },
        },
      ],
    },
  },
  {
    files: ['apps/web/src/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // It speaks of what React Compiler would skip; we do not use it.
      'react-hooks/incompatible-library': 'off',
      'max-lines-per-function': ['warn', { max: 120 }],
    },
  },
  {
    // Tool configurations belong to no project that TypeScript could ask about them.
    files: ['**/{vite,vitest}.*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
);
