namespace MeshIoT.Tailcfg;

/// <summary>What a node shows to be admitted. Not a record: it never prints its key. control-plane.md section 4.</summary>
public sealed class RegisterAuth
{
    /// <summary>The auth key (pre-auth key, claim), passed on unchanged. Secret.</summary>
    public string? AuthKey { get; set; }

    /// <summary>Always <c>[redacted]</c>.</summary>
    public override string ToString() => "[redacted]";
}
