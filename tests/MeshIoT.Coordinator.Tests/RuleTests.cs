using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using CsCheck;
using Xunit;

namespace MeshIoT.Coordinator.Tests;

/// <summary>control-plane.md sections 7.5 and 7.6, and the form of tags in section 4.</summary>
public class RuleTests
{
    [Theory]
    [InlineData("Greenhouse", "greenhouse")]
    [InlineData("greenhouse.local", "greenhouse")]
    [InlineData("greenhouse.localdomain", "greenhouse")]
    [InlineData("pi.lan", "pi")]
    [InlineData("Pat's Phone", "pats-phone")]
    [InlineData("a.b_c@d e", "a-b-c-d-e")]
    [InlineData("--x--", "x")]
    [InlineData("", "node")]
    [InlineData(null, "node")]
    [InlineData("äöü", "node")]
    [InlineData("../../etc", "etc")]
    public void A_hostname_becomes_one_dns_label(string? hostname, string label) => Assert.Equal(label, HostnameLabel.Of(hostname));

    [Fact]
    public void Any_hostname_becomes_a_legal_label() => Gen.String.Sample(s =>
    {
        string label = HostnameLabel.Of(s);
        return label.Length is > 0 and <= 63 && label.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && label[0] != '-' && label[^1] != '-';
    }, iter: 2000);

    [Fact]
    public void Long_names_that_collide_stay_within_63_characters()
    {
        HashSet<string> taken = [];
        string label = HostnameLabel.Of(new string('a', 500));
        for (int i = 0; i < 12; i++)
        {
            string distinct = HostnameLabel.Distinct(label, l => !taken.Contains(l));
            Assert.True(distinct.Length <= 63 && taken.Add(distinct));
        }

        Assert.Contains(new string('a', 61) + "-1", taken);
    }

    [Fact]
    public void Addresses_begin_at_one_and_skip_what_clients_do_not_take_for_theirs()
    {
        Assert.Equal(("100.64.0.1", "fd7a:115c:a1e0::1"), (AddressPlan.IPv4(AddressPlan.NextUsable(0)).ToString(), AddressPlan.IPv6(1).ToString()));
        HashSet<string> seen = [];
        int count = 0;
        for (long i = AddressPlan.NextUsable(0); i > 0; i = AddressPlan.NextUsable(i + 1))
        {
            byte[] b = AddressPlan.IPv4(i).GetAddressBytes();
            count++;
            Assert.False(b[1] == 100 && b[2] == 100, "100.100.100.0/24");
            Assert.False(b[1] == 115 && b[2] is 92 or 93 && b[1] == 115, "100.115.92.0/23");
            if (i % 997 == 0)
            {
                Assert.True(seen.Add(AddressPlan.IPv6(i).ToString()));
            }
        }

        Assert.Equal((1 << 22) - 2 - 256 - 512 - 1, count);
        Assert.NotEqual(0x53, AddressPlan.NextUsable(0x53));
        Assert.Equal(IPAddress.Parse("100.127.255.254"), AddressPlan.IPv4((1 << 22) - 2));
    }

    [Theory]
    [InlineData("tag:sensor", true)]
    [InlineData("tag:a-1", true)]
    [InlineData("tag:", false)]
    [InlineData("tag:1a", false)]
    [InlineData("sensor", false)]
    [InlineData("tag:a b", false)]
    [InlineData(null, false)]
    public void A_tag_has_a_letter_first_and_then_letters_digits_and_dashes(string? tag, bool valid) => Assert.Equal(valid, TagName.IsValid(tag));

    [Fact]
    public void Endpoints_that_nobody_could_dial_are_dropped_and_the_rest_kept()
    {
        string[] told = ["192.0.2.1:41641", "[2001:db8::1]:41641", "[fe80::1]:1", "[fe80::1%eth0]:1", "224.0.0.1:5", "0.0.0.0:5", "1.2.3.4:0", "1.2.3.4", "x", "", "192.0.2.1:41641", new('9', 500)];
        Assert.Equal(["192.0.2.1:41641", "[2001:db8::1]:41641"], NodeReport.Dialable(told));
        Assert.Equal(64, NodeReport.Dialable([.. Enumerable.Range(1, 200).Select(p => "192.0.2.1:" + p)]).Length);
    }

    [Fact]
    public void A_bucket_gives_its_burst_and_then_its_rate()
    {
        ManualTime time = new(DateTimeOffset.UnixEpoch);
        TokenBucket bucket = new(3, 2, time);
        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, Enumerable.Range(0, 10).Count(_ => bucket.TryTake()));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(bucket.IsFull);
    }
}
