using System;
using System.Collections.Generic;
using System.Linq;
using Mono.Cecil;
using Xunit;

namespace MeshIoT.PortableGate.Tests;

/// <summary>The gate bites: each offender of <see cref="Offenders"/> is reported under its rule, and allowed code is not.</summary>
public class OffendersAreCaughtTests
{
    static readonly AssemblyDefinition Self = AssemblyDefinition.ReadAssembly(typeof(OffendersAreCaughtTests).Assembly.Location);

    static IReadOnlyList<Violation> Inspect(string name)
    {
        return PortableGate.Inspect(Self.MainModule.GetTypes().Single(t => t.DeclaringType?.Name == nameof(Offenders) && t.Name == name));
    }

    [Theory]
    [InlineData("GenericClass`1", Rule.GenericDefinition)]
    [InlineData("GenericMethod", Rule.GenericDefinition)]
    [InlineData("GenericCall", Rule.GenericUse)]
    [InlineData("GenericField", Rule.GenericUse)]
    [InlineData("GenericInterface", Rule.GenericUse)]
    [InlineData("NullableValue", Rule.GenericUse)]
    [InlineData("Tuple", Rule.GenericUse)]
    [InlineData("SpanUse", Rule.GenericUse)]
    [InlineData("Utf8Literal", Rule.GenericUse)]
    [InlineData("GenericDelegate", Rule.GenericUse)]
    [InlineData("Iterator", Rule.GenericUse)]
    [InlineData("Async", Rule.GenericUse)]
    [InlineData("Event", Rule.GenericUse)]
    [InlineData("TwoDimensions", Rule.MultiDimensionalArray)]
    [InlineData("TwoDimensionalField", Rule.MultiDimensionalArray)]
    [InlineData("CheckedSum", Rule.Checked)]
    [InlineData("CheckedConversion", Rule.Checked)]
    [InlineData("StackAlloc", Rule.Pointer)]
    [InlineData("Fixed", Rule.Pointer)]
    [InlineData("PointerParameter", Rule.Pointer)]
    [InlineData("FunctionPointer", Rule.Pointer)]
    [InlineData("IDefaultMethod", Rule.DefaultInterfaceMethod)]
    [InlineData("IStaticAbstract", Rule.DefaultInterfaceMethod)]
    [InlineData("VolatileField", Rule.Volatile)]
    [InlineData("VolatileRead", Rule.Volatile)]
    [InlineData("EnumToString", Rule.EnumText)]
    [InlineData("EnumInterpolated", Rule.EnumText)]
    [InlineData("ExternMethod", Rule.Extern)]
    [InlineData("ManyLocals", Rule.TooManyLocals)]
    [InlineData("Clock", Rule.ForeignMember)]
    [InlineData("BlockCopy", Rule.ForeignMember)]
    [InlineData("StringReplace", Rule.ForeignMember)]
    [InlineData("ArrayClone", Rule.ForeignMember)]
    [InlineData("LongMaximum", Rule.ForeignMember)]
    [InlineData("Lock", Rule.ForeignMember)]
    [InlineData("Socket", Rule.ForeignType)]
    [InlineData("DecimalField", Rule.ForeignType)]
    [InlineData("DoubleArithmetic", Rule.ForeignType)]
    [InlineData("CatchesForeign", Rule.ForeignType)]
    public void An_offender_is_reported_under_its_rule(string offender, string rule)
    {
        Assert.Contains(Inspect(offender), v => v.Rule == rule);
    }

    [Fact]
    public void Every_offender_has_its_case()
    {
        IEnumerable<string> cases = typeof(OffendersAreCaughtTests).GetMethod(nameof(An_offender_is_reported_under_its_rule))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Select(a => (string)((InlineDataAttribute)a).Data[0]!);
        IEnumerable<string> offenders = typeof(Offenders).GetNestedTypes(System.Reflection.BindingFlags.NonPublic)
            .Where(t => t != typeof(Offenders.Colour) && !Attribute.IsDefined(t, typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))).Select(t => t.Name);
        Assert.Equal(offenders.Order(StringComparer.Ordinal), cases.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_whole_allowed_subset_passes()
    {
        TypeDefinition allowed = Self.MainModule.GetTypes().Single(t => t.Name == nameof(AllowedSubset));
        Assert.Equal([], PortableGate.Inspect(allowed).Select(v => v.ToString()));
        Assert.True(allowed.Methods.Count > 10);
    }

    [Fact]
    public void A_newer_language_and_foreign_assemblies_are_reported_for_an_assembly()
    {
        IReadOnlyList<Violation> found = PortableGate.Inspect(Self);
        Assert.Contains(found, v => v.Rule == Rule.NewerLanguage);
        Assert.Contains(found, v => v.Rule == Rule.ForeignAssembly && v.What == "Mono.Cecil");
    }
}
