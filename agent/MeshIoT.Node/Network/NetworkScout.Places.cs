using System;
using System.Linq;
using MeshIoT.Node.Engine;

namespace MeshIoT.Node.Network;

/// <content>The engine's view: what it tells peers that are to ping this node.</content>
internal sealed partial class NetworkScout
{
    /// <summary>Where this node is, for the engine.</summary>
    public EndpointSource Places => places;

    /// <summary>Read on the engine thread, written by whoever publishes.</summary>
    sealed class ScoutPlaces(NetworkScout scout) : EndpointSource
    {
        volatile byte[] packed = [];

        public override byte[] Packed => packed;

        // Where nobody can be asked, nothing gets fresher.
        public override bool IsFresh => scout.IsFresh || scout.place.Relays?.Regions is not { Count: > 0 };

        public override void Refresh() => scout.Want();

        public void Set(OwnNetwork network) =>
            packed = [.. network.Endpoints.Take(Endpoints.MostPerPeer).SelectMany(static endpoint => Endpoints.FromIPEndPoint(endpoint.Address))];
    }
}
