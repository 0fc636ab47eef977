using System;
using System.Collections.Immutable;
using MeshIoT.Provisioning;

namespace MeshIoT.Coordinator;

/// <summary>What a new auth key shall be able to do.</summary>
internal sealed record AuthKeyRequest(bool Reusable, bool Ephemeral, TimeSpan Lifetime, ImmutableArray<string> Tags, string Description)
{
    /// <summary>Whose nodes it admits, when it has no tags.</summary>
    public long UserId { get; init; } = UserRecord.OwnerId;

    /// <summary>Nodes that it admits need no approval, where approval is asked for.</summary>
    public bool Preapproved { get; init; } = true;

    public const int MaxTags = 32, MaxDescriptionLength = 200;

    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(24), MaxLifetime = TimeSpan.FromDays(366);

    /// <summary>Makes the key. The claim is known to the caller alone: only its hash goes into <paramref name="edit"/>.</summary>
    public AuthKey Create(TailnetEdit edit, Claim claim, DateTimeOffset now)
    {
        AuthKey key = new(edit.NewAuthKeyId(), AuthKeyHash.Of(claim), Reusable, Ephemeral, Tags, Description, now, now + Lifetime, 0, null, UserId, Preapproved);
        edit.Put(key);
        return key;
    }
}
