namespace MeshIoT.PortableGate.Tests;

/// <summary>Names of the gate's rules. Each stands for something a 1.x nanoFramework CLR compiles or loads and then does wrongly.</summary>
internal static class Rule
{
    public const string GenericDefinition = "generic-definition";
    public const string GenericUse = "generic-use";
    public const string MultiDimensionalArray = "multi-dimensional-array";
    public const string Checked = "checked-arithmetic";
    public const string Pointer = "pointer";
    public const string DefaultInterfaceMethod = "default-interface-method";
    public const string Volatile = "volatile";
    public const string EnumText = "enum-text";
    public const string Extern = "extern";
    public const string TooManyLocals = "too-many-locals";
    public const string ForeignMember = "member-not-allowed";
    public const string ForeignType = "type-not-allowed";
    public const string ForeignAssembly = "assembly-not-allowed";
    public const string NewerLanguage = "language-newer-than-10";
}
