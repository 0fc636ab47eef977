using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Sensors.Tests.Gpio;
using Xunit;

namespace MeshIoT.Sensors.Tests.Programs;

/// <summary>The driver exec with real programs of the machine.</summary>
public sealed class ExecDeviceTests : IDisposable
{
    readonly FakeTree tree = new();

    public void Dispose() => tree.Dispose();

    SensorDevice Exec(string[] command, params (string, string)[] options)
    {
        Dictionary<string, string> all = new() { ["command"] = string.Join('\n', command), ["values"] = "temperature" };
        foreach ((string option, string value) in options)
        {
            all[option] = value;
        }

        return Drivers.Find("exec")!.Create(new SensorEntry { Id = "prog", Driver = "exec", Options = all, Origin = "m.toml:1:1" }, new FakeWiring(tree.Root));
    }

    SensorDevice Shell(string script, params (string, string)[] options) => Exec(["/bin/sh", "-c", script], options);

    static (double Value, FaultReport? Fault) Read(SensorDevice device)
    {
        double[] values = new double[device.Channels.Count];
        Array.Fill(values, double.NaN);
        FaultReport? fault = device.Read(1_795_000_000_000, values);
        return (values[0], fault);
    }

    [Fact]
    public void A_program_prints_its_values()
    {
        using SensorDevice one = Exec(["echo", "{\"temperature\": 21.5}"]), chatty = Shell("echo reading; echo; echo '{\"temperature\": 22}'; echo"), bare = Shell("printf 23.5"),
            pretty = Shell("printf '{\\n\"temperature\":\\n24\\n}\\n'");
        Assert.Equal((21.5, null), Read(one));
        Assert.Equal((22, null), Read(chatty));
        Assert.Equal((23.5, null), Read(bare));
        Assert.Equal((24, null), Read(pretty));
        Assert.Equal(("exec prog", "prog", "°C"), (one.Lane, one.Channels[0].Id, one.Channels[0].Unit));
    }

    [Fact]
    public void It_gets_its_arguments_as_they_are_and_little_else()
    {
        tree.Put("/script", """
            [ "$1" = 'a b;$(c) "d' ] || exit 11
            [ "$MESHIOT_SENSOR" = prog ] || exit 12
            [ "$(pwd)" = / ] || exit 13
            [ -z "$MESHIOT_TEST_SECRET" ] || exit 14
            [ "$(ls /proc/self/fd | wc -l)" -le 4 ] || exit 15
            read line && exit 16
            [ "$(trap)" = "" ] || exit 17
            grep -q 'SigIgn:.0000000000000000' /proc/self/status || exit 18
            grep -q 'SigBlk:.0000000000000000' /proc/self/status || exit 19
            echo 1
            """);
        using SensorDevice device = Exec(["/bin/sh", tree.Root + "/script", "a b;$(c) \"d"], ("cwd", "/"));
        Environment.SetEnvironmentVariable("MESHIOT_TEST_SECRET", "x");
        Assert.Equal((1, null), Read(device));
    }

    [Theory]
    [InlineData("echo oops >&2; exit 3", "sensor-silent", "code 3: oops")]
    [InlineData("kill -9 $$", "sensor-silent", "code 137")]
    [InlineData("exit 0", "sensor-silent", "prints nothing")]
    [InlineData("echo hello", "sensor-nonsense", "not JSON")]
    [InlineData("echo '{\"humidity\": 1}'", "sensor-nonsense", "gives no \"temperature\"")]
    [InlineData("exec cat /dev/zero", "sensor-silent", "more than 64 KiB")]
    [InlineData("cat /dev/zero >&2 & echo 1; wait", "sensor-silent", "longer than 0.5 s")]
    [InlineData("sleep 1000", "sensor-silent", "longer than 0.5 s")]
    [InlineData("trap '' TERM INT HUP; exec >&- 2>&-; while :; do sleep 1; done", "sensor-silent", "longer than 0.5 s")]
    public void What_goes_wrong_is_said(string script, string code, string says)
    {
        using SensorDevice device = Shell(script, ("timeout", "500ms"));
        FaultReport fault = Read(device).Fault!;
        Assert.Equal(code, fault.Fault.Code);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.Contains("longer", Read(Shell("sleep 1000", ("timeout", "100ms"))).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        using SensorDevice none = Exec(["/no/such/program"]), folder = Exec(["true"], ("cwd", "/no/such/folder"));
        Assert.Contains("/no/such/program cannot be started", Read(none).Fault!.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be started", Read(folder).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_children_end_with_it()
    {
        string file = tree.Root + "/pids";
        using SensorDevice slow = Shell($"sleep 1000 & echo $! >> {file}; sleep 1000 & echo $! >> {file}; wait", ("timeout", "1s"));
        Assert.Contains("longer than 1 s", Read(slow).Fault!.Message, StringComparison.Ordinal);

        // Also those that it leaves behind, and then nobody waits for the pipe they hold.
        using SensorDevice leaves = Shell($"sleep 1000 & echo $! >> {file}; echo 5", ("timeout", "60s"));
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal((5, null), Read(leaves));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 30);
        string[] ids = File.ReadAllLines(file);
        Assert.Equal(3, ids.Length);
        Assert.True(SpinWait.SpinUntil(() => ids.All(IsGone), TimeSpan.FromSeconds(30)));

        // A zombie waits for its new parent to notice.
        static bool IsGone(string id) => !File.Exists($"/proc/{id}/stat") || Text($"/proc/{id}/stat") is "" or [.., ')', ' ', 'Z'];

        static string Text(string path)
        {
            try
            {
                string text = File.ReadAllText(path);
                return text[..(text.LastIndexOf(')') + 3)];
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    [Fact]
    public async Task The_end_of_the_gateway_ends_a_run()
    {
        SensorDevice device = Shell("sleep 1000", ("timeout", "5m"));
        Task<(double, FaultReport? Fault)> reading = Task.Run(() => Read(device), TestContext.Current.CancellationToken);
        await Task.Delay(200, TestContext.Current.CancellationToken);
        device.Dispose();
        Assert.Contains("ended with the gateway", (await reading.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)).Fault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_open_after_many_runs()
    {
        using SensorDevice device = Exec(["echo", "1"]);
        Read(device);
        int before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal((1, null), Read(device));
        }

        // Other tests open and close files meanwhile.
        Assert.True(SpinWait.SpinUntil(() => Directory.GetFileSystemEntries("/proc/self/fd").Length < before + 60, TimeSpan.FromSeconds(30)));
    }

    [Theory]
    [InlineData("command", "")]
    [InlineData("timeout", "6m")]
    [InlineData("timeout", "0")]
    [InlineData("cwd", "here")]
    [InlineData("values", "")]
    public void An_entry_that_cannot_be_right_is_refused(string option, string value) =>
        Assert.StartsWith("setting-", Assert.Throws<FaultException>(() => Exec(["true"], (option, value))).Report.Fault.Code, StringComparison.Ordinal);
}
