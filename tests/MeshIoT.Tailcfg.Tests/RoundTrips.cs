using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Xunit;

namespace MeshIoT.Tailcfg.Tests;

/// <summary>Whole messages as other implementations send them: read, written again, nothing lost, nothing invented, no null. control-plane.md section 5.</summary>
public class RoundTrips
{
    const string Key = "50d20b455ecf12bc453f83c2cfdb2a24925d06cf2598dcaa54e91af82ce9f765";

    /// <summary>A message with every member, in its exact casing.</summary>
    public static TheoryData<string, string> Messages => new()
    {
        {
            nameof(Hostinfo), """
            {"IPNVersion":"1.98.4-t1","FrontendLogID":"f","BackendLogID":"b","OS":"linux","OSVersion":"6.1","Container":false,"Env":"k8s","Distro":"debian",
            "DistroVersion":"12","DistroCodeName":"bookworm","App":"x","Desktop":false,"Package":"deb","DeviceModel":"Pi 4","Hostname":"a","ShieldsUp":true,
            "ShareeNode":true,"NoLogsNoSupport":true,"WireIngress":true,"IngressEnabled":true,"AllowsUpdate":true,"Machine":"aarch64","GoArch":"arm64",
            "GoArchVar":"v8","GoVersion":"go1.25","RoutableIPs":["10.0.0.0/8"],"RequestTags":["tag:a"],"WoLMACs":["aa:bb:cc:dd:ee:ff"],
            "Services":[{"Proto":"peerapi4","Port":41001},{"Proto":"tcp","Port":0,"Description":"d"}],
            "NetInfo":{"MappingVariesByDestIP":false,"WorkingIPv6":true,"OSHasIPv6":true,"WorkingUDP":true,"WorkingICMPv4":false,"HavePortMap":true,"UPnP":true,
            "PMP":false,"PCP":false,"PreferredDERP":9,"LinkType":"wired","DERPLatency":{"1-v4":0.01,"1-v6":0.5},"FirewallMode":"nft"},
            "sshHostKeys":["ssh-ed25519 AAAA+/="],"Cloud":"aws","Userspace":true,"UserspaceRouter":false,"AppConnector":false,"ServicesHash":"h","PeerRelay":true,
            "ExitNodeID":"n7","Location":{"Country":"Österreich"},"TPM":{"Vendor":"x"},"StateEncrypted":false}
            """
        },
        {
            nameof(PeerChange), $$"""
            {"NodeID":9007199254740993,"DERPRegion":5,"Cap":138,"CapMap":{"x":[1]},"Endpoints":["192.0.2.1:1","[2001:db8::1]:2"],"Key":"nodekey:{{Key}}",
            "KeySignature":"AQI=","DiscoKey":"discokey:{{Key}}","Online":false,"LastSeen":"2026-11-23T12:00:00Z","KeyExpiry":"2027-11-23T12:00:00.123Z"}
            """
        },
        {
            nameof(SshPolicy), """
            {"rules":[{"ruleExpires":"2027-01-01T00:00:00Z","principals":[{"node":"n1","nodeIP":"100.64.0.1","userLogin":"u@example","any":true}],
            "sshUsers":{"*":"=","root":""},"action":{"message":"hi","reject":true,"accept":true,"sessionDuration":43200000000000,"allowAgentForwarding":true,
            "allowLocalPortForwarding":true,"allowRemotePortForwarding":true,"holdAndDelegate":"https://unused/$SRC_NODE_IP","recorders":["192.0.2.1:80"],
            "onRecordingFailure":{"rejectSessionWithMessage":"no"}},"acceptEnv":["LANG*"]}]}
            """
        },
        {
            nameof(MapResponse), """
            {"KeepAlive":true,"PingRequest":{"URL":"https://unused/x","URLIsNoise":true,"Log":true,"Types":"c2n","IP":"100.64.0.1","Payload":"R0VU"},
            "PopBrowserURL":"https://x/?a=1&b=2","DERPMap":{"HomeParams":{"RegionScore":{"1":0.9}},"Regions":{"900":{"RegionID":900,"RegionCode":"l","RegionName":"L",
            "Nodes":[{"Name":"900a","RegionID":900,"HostName":"derp.example","CertName":"sha256-raw:00","IPv4":"192.0.2.1","IPv6":"none","STUNPort":-1,
            "STUNOnly":true,"DERPPort":8443,"InsecureForTests":true,"STUNTestIP":"192.0.2.2","CanPort80":true}]}}},"PeersRemoved":[3,4],
            "PeerSeenChange":{"2":true},"OnlineChange":{"2":false},"DNSConfig":{"Resolvers":[{"Addr":"1.1.1.1","BootstrapResolution":["1.1.1.1"],"UseWithExitNode":true}],
            "Domains":["tail.example"],"Proxied":true,"CertDomains":["a.tail.example"],"ExtraRecords":[{"Name":"x","Type":"A","Value":"1.2.3.4"}],
            "ExitNodeFilteredSet":[".x"]},"Domain":"tail.example","CollectServices":true,
            "PacketFilters":{"base":[{"SrcIPs":["*"],"DstPorts":[{"IP":"*","Ports":{"First":0,"Last":65535}}],"IPProto":[6]},
            {"SrcIPs":["1.2.3.4-1.2.3.9"],"CapGrant":[{"Dsts":["100.64.0.2/32"],"CapMap":{"cap":[{"a":1}]}}]}]},
            "UserProfiles":[{"ID":1,"LoginName":"u","DisplayName":"U","ProfilePicURL":"https://p","Groups":["group:a"]}],"Health":["h"],
            "DisplayMessages":{"m":{"Title":"t","Text":"x","Severity":"high","ImpactsConnectivity":true,"PrimaryAction":{"URL":"https://u","Label":"l"}}},
            "ControlTime":"2026-11-23T12:00:00Z","ClientVersion":{"RunningLatest":true,"LatestVersion":"1","UrgentSecurityUpdate":true,"Notify":true,"NotifyURL":"u","NotifyText":"t"},
            "ControlDialPlan":{"Candidates":[{"IP":"192.0.2.1","ACEHost":"a","DialStartDelaySec":0.5,"DialTimeoutSec":10,"Priority":1}]},
            "Debug":{"SleepSeconds":1.5,"DisableLogTail":true,"Exit":1},"TKAInfo":{"Head":"x"}}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_is_read_is_written_again(string type, string json)
    {
        string again = Again(type, json);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(again)), again);
        Assert.DoesNotContain("null", again);
        Assert.DoesNotContain("\\u", again);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Names_in_lower_or_upper_case_are_the_same_names(string type, string json)
    {
        // Only names of members, which Go reads in any case: keys of maps are values.
        foreach (string name in (string[])["IPNVersion", "NetInfo", "PreferredDERP", "sshHostKeys", "NodeID", "DERPRegion", "Endpoints", "principals", "sshUsers", "sessionDuration", "PacketFilters", "SrcIPs", "DERPMap", "Regions"])
        {
            string written = $"\"{name}\":";
            Assert.Equal(Again(type, json), Again(type, json.Replace(written, written.ToLowerInvariant())));
            Assert.Equal(Again(type, json), Again(type, json.Replace(written, written.ToUpperInvariant())));
        }
    }

    static string Again(string type, string json) => type switch
    {
        nameof(Hostinfo) => Again(json, TailcfgJson.Default.Hostinfo),
        nameof(PeerChange) => Again(json, TailcfgJson.Default.PeerChange),
        nameof(SshPolicy) => Again(json, TailcfgJson.Default.SshPolicy),
        _ => Again(json, TailcfgJson.Default.MapResponse),
    };

    static string Again<T>(string json, JsonTypeInfo<T> type) => Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize(json, type)!, type));
}
