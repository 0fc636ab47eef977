using MeshIoT.Policy.Addresses;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>A name in a rule, as it was written, without surrounding space. <paramref name="Range"/> counts for addresses and hosts.</summary>
internal sealed record Alias(AliasKind Kind, string Text, TextPosition At, AddressRange Range = default)
{
    public const string Member = "autogroup:member", Tagged = "autogroup:tagged", Self = "autogroup:self", Internet = "autogroup:internet",
        DangerAll = "autogroup:danger-all", Admin = "autogroup:admin", Owner = "autogroup:owner", NonRoot = "autogroup:nonroot";

    public bool IsAuto(string name) => Kind == AliasKind.AutoGroup && Text == name;

    /// <summary>The domain of a user:*@domain.</summary>
    public string Domain => Text["user:*@".Length..];

    /// <summary>Names something that stands for addresses as written, whichever node has them.</summary>
    public bool IsRange => Kind is AliasKind.Address or AliasKind.Host;
}
