using System.Collections.Immutable;
using MeshIoT.Policy.Hujson;

namespace MeshIoT.Policy.Document;

/// <summary>An entry of the sshTests section: as whom a source must, must not, or must after a check be able to log in.</summary>
internal sealed record SshTest(TextPosition At, Alias Source, ImmutableArray<Alias> Destinations,
    ImmutableArray<SshTestUser> Accept, ImmutableArray<SshTestUser> Deny, ImmutableArray<SshTestUser> Check);

/// <summary>A login name of a test.</summary>
internal sealed record SshTestUser(TextPosition At, string Name);
