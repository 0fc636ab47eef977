using MeshIoT.Tailcfg;

namespace MeshIoT.Coordinator;

/// <summary>One thing about one peer that a frame says: that it is so (<paramref name="Whole"/>), that a little changed (<paramref name="Patch"/>), or, with neither, that it is gone.</summary>
/// <param name="Id">The peer.</param>
/// <param name="Whole">Its JSON.</param>
/// <param name="Patch">What changed.</param>
/// <param name="IsNew">Its owner's profile goes along.</param>
internal readonly record struct MapItem(long Id, byte[]? Whole, PeerChange? Patch, bool IsNew);
