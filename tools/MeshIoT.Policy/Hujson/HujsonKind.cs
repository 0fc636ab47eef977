namespace MeshIoT.Policy.Hujson;

/// <summary>The kinds of JSON value.</summary>
internal enum HujsonKind
{
    Null,
    True,
    False,
    Number,
    String,
    Array,
    Object,
}
