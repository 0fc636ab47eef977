using System;
using System.IO;
using System.Linq;
using System.Threading;
using MeshIoT.Agent.Services;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Sensors;
using MeshIoT.Sensors.Simulated;
using MeshIoT.Tests;
using Xunit;

namespace MeshIoT.Agent.Tests;

public sealed class HistoryServiceTests : IDisposable
{
    readonly string directory = Directory.CreateTempSubdirectory("meshiotd-history-").FullName;
    readonly ManualTime time = new();
    readonly Sampler sampler = new(SimulatedSensor.Greenhouse(), TimeSpan.FromSeconds(10));
    readonly FaultBoard<string> health = new(static () => { });

    public void Dispose()
    {
        sampler.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    void Sample(int times)
    {
        for (int i = 0; i < times; i++)
        {
            sampler.Sample(time.GetUtcNow().ToUnixTimeMilliseconds());
            time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    static int Count(HistoryStore? store) => store!.Query("sim.air_temperature", 0, long.MaxValue, Resolution.Raw, 1000).Points.Count;

    static void Until(Func<bool> isSo) => Assert.True(SpinWait.SpinUntil(isSo, TimeSpan.FromSeconds(60)));

    [Fact]
    public void What_is_sampled_is_kept_and_is_there_after_a_restart()
    {
        using (HistoryService service = new(sampler, health, directory, time))
        {
            service.Use(new HistoryOptions());
            Sample(30);
            Until(() => Count(service.Store) == 30);
            Assert.Equal(24, service.Recent("sim.air_temperature", 0, 1, 24).Count);
        }

        Assert.False(File.Exists(Path.Combine(directory, "history.db-wal")));
        using HistoryService again = new(sampler, health, directory, time);
        again.Use(new HistoryOptions());
        Assert.Equal(30, Count(again.Store));
        Assert.Empty(health.Current);
    }

    [Fact]
    public void Switched_off_and_on_again_while_it_runs_it_loses_nothing_of_what_it_took()
    {
        using HistoryService service = new(sampler, health, directory, time);
        service.Use(null);
        Sample(5);
        Assert.Null(service.Store);
        Assert.Empty(Directory.GetFiles(directory));
        Assert.All(service.Recent("sim.air_temperature", 0, 1, 24), v => Assert.Null(v));
        service.Use(new HistoryOptions());
        Sample(10);
        service.Use(new HistoryOptions { Batch = TimeSpan.FromMinutes(1) });
        Sample(10);
        service.Use(null);
        Assert.Null(service.Store);
        Sample(10);
        service.Use(new HistoryOptions());
        Sample(5);
        Until(() => Count(service.Store) == 25);
    }

    [Fact]
    public void Trouble_is_on_the_board_while_it_lasts()
    {
        string missing = Path.Combine(directory, "late");
        using HistoryService service = new(sampler, health, missing, time);
        service.Use(new HistoryOptions());
        Sample(1);
        Until(() => health.Current.Any(r => r.Fault.Code == "storage-unusable"));
        Directory.CreateDirectory(missing);
        Until(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return health.Current.Count == 0;
        });
        Assert.Equal(1, Count(service.Store));
    }
}
