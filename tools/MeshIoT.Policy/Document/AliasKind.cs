namespace MeshIoT.Policy.Document;

/// <summary>The ways in which a policy names nodes and addresses.</summary>
internal enum AliasKind
{
    /// <summary>"*".</summary>
    Wildcard,

    /// <summary>A user, by address or "name@".</summary>
    User,

    /// <summary>"user:*@domain": every user of a mail domain.</summary>
    UserDomain,

    /// <summary>"group:name".</summary>
    Group,

    /// <summary>"tag:name".</summary>
    Tag,

    /// <summary>A name of the hosts section.</summary>
    Host,

    /// <summary>An address or prefix.</summary>
    Address,

    /// <summary>"autogroup:name".</summary>
    AutoGroup,
}
