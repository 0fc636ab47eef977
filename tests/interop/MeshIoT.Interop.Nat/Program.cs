using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Interop.Nat;

// wire IN OUT RULES                                      between two TUN interfaces, until it is ended
// kinds SITES REFLECTORS SITE...                         one line of JSON for each site
// punch SITES REFLECTORS SITE:SITE...                    one line of JSON for each pair
// pairs SITES PATIENCE HOLD SITE:SITE...                 the same; seconds
// load SITES SITE:SITE MBIT BEFORE AFTER COMMAND...      one line of JSON
// REFLECTORS is NAMESPACE,V4,SECOND-V4,V6,SECOND-V6.
if (args.Length < 4)
{
    Console.Error.WriteLine("usage: see the head of Program.cs");
    return 2;
}

switch (args[0])
{
    case "wire":
        Wire wire = new(args[1], args[2], File.ReadLines(args[3]).Where(l => l.Length > 0).Select(WireRule.Parse));
        Console.WriteLine("ready");
        wire.Run();
        return 0;
    case "kinds":
    case "punch":
        return await JudgeAsync(args);
    case "pairs":
        return await PairsAsync(args);
    case "load":
        return await LoadAsync(args);
    default:
        return 2;
}

static TimeSpan Seconds(string word) => TimeSpan.FromSeconds(double.Parse(word, CultureInfo.InvariantCulture));

static async Task<int> JudgeAsync(string[] args)
{
    Dictionary<string, Site> sites = Site.Read(args[1]);
    string[] where = args[2].Split(',');
    Reflector v4 = Reflector.Open(where[0], IPAddress.Parse(where[1]), IPAddress.Parse(where[2]), 3500);
    Reflector v6 = Reflector.Open(where[0], IPAddress.Parse(where[3]), IPAddress.Parse(where[4]), 3500);
    NatJudge judge = new(v4, v6);
    if (args[0] == "kinds")
    {
        foreach (NatKind kind in await Task.WhenAll(args[3..].Select(n => judge.JudgeAsync(sites[n]))))
        {
            Console.WriteLine(JsonSerializer.Serialize(kind, Json.Default.NatKind));
        }
    }
    else
    {
        // A few at a time: each needs the processor within its 50 ms.
        using SemaphoreSlim few = new(8);
        PunchResult[] results = await Task.WhenAll(args[3..].Select(async pair =>
        {
            string[] name = pair.Split(':');
            await few.WaitAsync();
            try
            {
                return new PunchResult(name[0], name[1], await judge.PunchesAsync(sites[name[0]], sites[name[1]], TimeSpan.FromSeconds(1.5)));
            }
            finally
            {
                few.Release();
            }
        }));
        foreach (PunchResult result in results)
        {
            Console.WriteLine(JsonSerializer.Serialize(result, Json.Default.PunchResult));
        }
    }

    return 0;
}

static async Task<int> PairsAsync(string[] args)
{
    Dictionary<string, Site> sites = Site.Read(args[1]);
    Dictionary<string, EchoServer> servers = [];
    foreach (string pair in args[4..])
    {
        string[] name = pair.Split(':');
        if (!servers.ContainsKey(name[1]))
        {
            servers[name[1]] = new EchoServer(sites[name[1]]);
        }

        using PairMeter meter = new(sites[name[0]], sites[name[1]]);
        Console.WriteLine(JsonSerializer.Serialize(await meter.RunAsync(Seconds(args[2]), Seconds(args[3])), Json.Default.PairResult));
    }

    return 0;
}

static async Task<int> LoadAsync(string[] args)
{
    Dictionary<string, Site> sites = Site.Read(args[1]);
    string[] name = args[2].Split(':');
    LoadMeter meter = new(sites[name[0]], sites[name[1]], double.Parse(args[3], CultureInfo.InvariantCulture));
    Console.WriteLine(JsonSerializer.Serialize(await meter.RunAsync(Seconds(args[4]), Seconds(args[5]), args[6..]), Json.Default.LoadResult));
    return 0;
}
