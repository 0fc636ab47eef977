namespace MeshIoT.Sim;

/// <summary>What a relay costs.</summary>
/// <param name="RssKibPerClient">(VmRSS with all idle - VmRSS fresh) / clients.</param>
/// <param name="ConnectsPerSecond">Whole handshakes (TCP, TLS, HTTP, DERP) a second, the load's own work on the same cores included.</param>
/// <param name="CpuMsPerConnect">The relay process's processor time for one of them.</param>
/// <param name="ThroughputMbit">Received packets' bits a second, two clients, one direction.</param>
/// <param name="CpuSecondsPerGib">The relay process's processor time for each GiB of packets that arrived.</param>
/// <param name="LostPackets">Packets of that flow that did not arrive.</param>
/// <param name="IdleRoundTripUs">Median of one small packet there and one back, nothing else going on.</param>
internal sealed record RelayFigures(double RssKibPerClient, double ConnectsPerSecond, double CpuMsPerConnect, double ThroughputMbit, double CpuSecondsPerGib, long LostPackets, double IdleRoundTripUs);
