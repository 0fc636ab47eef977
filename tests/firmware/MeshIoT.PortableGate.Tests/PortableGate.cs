using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Collections.Generic;

namespace MeshIoT.PortableGate.Tests;

/// <summary>
/// Reads IL as data and reports what a microcontroller's CLR would silently do wrong or cannot load: what the C# compiler, told to
/// build for netstandard2.1, is happy with. It looks at declarations, signatures, locals and every instruction operand.
/// </summary>
internal sealed class PortableGate
{
    /// <summary>A method with more locals was never tried on the CLR; 60 work.</summary>
    public const int MaxLocals = 100;

    static readonly string[] PortableAssemblies = ["MeshIoT.Crypto", "MeshIoT.WireGuard", "MeshIoT.NetStack"];

    readonly List<Violation> found = [];
    string where = "";

    public static IReadOnlyList<Violation> Inspect(AssemblyDefinition assembly)
    {
        PortableGate gate = new() { where = assembly.Name.Name };
        foreach (AssemblyNameReference reference in assembly.MainModule.AssemblyReferences)
        {
            if (reference.Name != "netstandard" && !PortableAssemblies.Contains(reference.Name))
            {
                gate.Report(Rule.ForeignAssembly, reference.Name);
            }
        }

        if (assembly.MainModule.HasCustomAttributes && assembly.MainModule.CustomAttributes.Any(a => a.AttributeType.Name == "RefSafetyRulesAttribute"))
        {
            gate.Report(Rule.NewerLanguage, "RefSafetyRulesAttribute");
        }

        foreach (TypeDefinition type in assembly.MainModule.Types)
        {
            gate.InspectType(type);
        }

        return gate.found;
    }

    public static IReadOnlyList<Violation> Inspect(TypeDefinition type)
    {
        PortableGate gate = new();
        gate.InspectType(type);
        return gate.found;
    }

    void InspectType(TypeDefinition type)
    {
        // Attributes the compiler embeds for nullable references are never run.
        if (type.BaseType?.FullName == "System.Attribute" && IsCompilerGenerated(type.CustomAttributes))
        {
            return;
        }

        where = type.FullName;
        if (type.HasGenericParameters)
        {
            Report(Rule.GenericDefinition, type.FullName);
        }

        CheckType(type.BaseType);
        foreach (InterfaceImplementation implemented in type.Interfaces)
        {
            CheckType(implemented.InterfaceType);
        }

        foreach (FieldDefinition field in type.Fields)
        {
            where = field.FullName;
            CheckType(field.FieldType);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            where = method.FullName;
            InspectMethod(type, method);
        }

        foreach (TypeDefinition nested in type.NestedTypes)
        {
            InspectType(nested);
        }
    }

    void InspectMethod(TypeDefinition type, MethodDefinition method)
    {
        if (method.HasGenericParameters)
        {
            Report(Rule.GenericDefinition, method.Name);
        }

        if (type.IsInterface && (!method.IsAbstract || method.IsStatic))
        {
            Report(Rule.DefaultInterfaceMethod, method.Name);
        }

        if (method.IsPInvokeImpl || method.IsInternalCall)
        {
            Report(Rule.Extern, method.Name);
        }

        // Constructor, Invoke, BeginInvoke and EndInvoke of a delegate are the runtime's own; only Invoke's types are ours.
        if (method.IsRuntime && method.Name != "Invoke")
        {
            return;
        }

        CheckType(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            CheckType(parameter.ParameterType);
        }

        if (!method.HasBody)
        {
            return;
        }

        Collection<VariableDefinition> locals = method.Body.Variables;
        if (locals.Count > MaxLocals)
        {
            Report(Rule.TooManyLocals, $"{locals.Count} locals");
        }

        foreach (VariableDefinition local in locals)
        {
            CheckType(local.VariableType);
        }

        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            CheckType(handler.CatchType);
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            InspectInstruction(instruction);
        }
    }

    void InspectInstruction(Instruction instruction)
    {
        Code code = instruction.OpCode.Code;
        string name = instruction.OpCode.Name;
        if (name.Contains(".ovf", StringComparison.Ordinal))
        {
            Report(Rule.Checked, name);
        }
        else if (code == Code.Volatile)
        {
            Report(Rule.Volatile, name);
        }
        else if (code is Code.Localloc or Code.Cpblk or Code.Initblk or Code.Calli or Code.Arglist or Code.Mkrefany or Code.Refanytype or Code.Refanyval or Code.Unaligned)
        {
            Report(Rule.Pointer, name);
        }
        else if (code is Code.Constrained or Code.Box && IsEnum((TypeReference)instruction.Operand))
        {
            // Its text is the number, its other virtual calls were never tried.
            Report(Rule.EnumText, $"{name} {((TypeReference)instruction.Operand).Name}");
        }

        switch (instruction.Operand)
        {
            case MethodReference method:
                CheckMethod(method);
                break;
            case FieldReference field:
                CheckType(field.DeclaringType);
                CheckType(field.FieldType);
                CheckMember(field.DeclaringType, field.Name);
                break;
            case TypeReference type:
                CheckType(type);
                break;
        }
    }

    void CheckMethod(MethodReference method)
    {
        CheckType(method.DeclaringType);
        if (method is GenericInstanceMethod || method.HasGenericParameters)
        {
            Report(Rule.GenericUse, method.FullName);
            return;
        }

        // The signatures of portable methods are looked at where they are declared.
        if (IsOwn(method.DeclaringType))
        {
            return;
        }

        CheckType(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            CheckType(parameter.ParameterType);
        }

        string parameters = string.Join(",", method.Parameters.Select(p => p.ParameterType.FullName));
        CheckMember(method.DeclaringType, $"{method.Name}({parameters})");
    }

    void CheckMember(TypeReference declaring, string member)
    {
        if (declaring is not (ArrayType or GenericInstanceType or GenericParameter) && !IsOwn(declaring) && !AllowedMembers.HasMember(declaring.FullName + "::" + member))
        {
            Report(Rule.ForeignMember, declaring.FullName + "::" + member);
        }
    }

    void CheckType(TypeReference? type)
    {
        switch (type)
        {
            case null:
                return;
            case GenericInstanceType or GenericParameter:
                Report(Rule.GenericUse, type.FullName);
                return;
            case ArrayType array:
                if (!array.IsVector)
                {
                    Report(Rule.MultiDimensionalArray, type.FullName);
                }

                break;
            case PointerType or FunctionPointerType or PinnedType:
                Report(Rule.Pointer, type.FullName);
                return;
            case RequiredModifierType modified when modified.ModifierType.Name == "IsVolatile":
                Report(Rule.Volatile, type.FullName);
                break;
        }

        if (type is TypeSpecification specification)
        {
            CheckType(specification.ElementType);
        }
        else if (!IsOwn(type) && !AllowedMembers.HasType(type.FullName))
        {
            Report(Rule.ForeignType, type.FullName);
        }
    }

    static bool IsOwn(TypeReference type) => type is TypeDefinition || type.Scope is ModuleDefinition || PortableAssemblies.Contains(type.Scope?.Name);

    static bool IsEnum(TypeReference type) => type is not (GenericParameter or TypeSpecification) && type.Resolve()?.IsEnum == true;

    static bool IsCompilerGenerated(Collection<CustomAttribute> attributes) => attributes.Any(a => a.AttributeType.Name == "CompilerGeneratedAttribute");

    void Report(string rule, string what) => found.Add(new Violation(rule, where, what));
}
