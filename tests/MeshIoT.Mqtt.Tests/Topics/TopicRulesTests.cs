using CsCheck;
using MeshIoT.Mqtt.Topics;
using Xunit;

namespace MeshIoT.Mqtt.Tests.Topics;

/// <summary>Examples of MQTT 5.0 section 4.7 and 3.1.1 section 4.7, and what follows from them.</summary>
public class TopicRulesTests
{
    [Theory]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/ranking", true)]
    [InlineData("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true)]
    [InlineData("sport/#", "sport", true)]
    [InlineData("#", "a/b", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1", true)]
    [InlineData("sport/tennis/+", "sport/tennis/player1/ranking", false)]
    [InlineData("sport/+", "sport", false)]
    [InlineData("sport/+", "sport/", true)]
    [InlineData("+/+", "/finance", true)]
    [InlineData("/+", "/finance", true)]
    [InlineData("+", "/finance", false)]
    [InlineData("#", "$SYS/uptime", false)]
    [InlineData("+/monitor/Clients", "$SYS/monitor/Clients", false)]
    [InlineData("$SYS/#", "$SYS/uptime", true)]
    [InlineData("$SYS/monitor/+", "$SYS/monitor/Clients", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a//b", "a//b", true)]
    [InlineData("a/+/b", "a//b", true)]
    public void Filters_take_what_the_standard_says(string filter, string topic, bool matches) => Assert.Equal(matches, TopicRules.Matches(filter, topic));

    [Theory]
    [InlineData("a/b", true)]
    [InlineData("a b", true)]
    [InlineData("/", true)]
    [InlineData("", false)]
    [InlineData("a/+", false)]
    [InlineData("a/#", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\nb", false)]
    public void Names_have_no_wildcards(string topic, bool isName) => Assert.Equal(isName, TopicRules.IsName(topic));

    [Theory]
    [InlineData("a/#", true)]
    [InlineData("#", true)]
    [InlineData("+/a/+", true)]
    [InlineData("a/#/b", false)]
    [InlineData("a#", false)]
    [InlineData("a/b+", false)]
    [InlineData("", false)]
    public void Filters_have_wildcards_on_levels_of_their_own(string filter, bool isFilter) => Assert.Equal(isFilter, TopicRules.IsFilter(filter));

    [Fact]
    public void Long_and_deep_topics_are_refused()
    {
        Assert.True(TopicRules.IsName(new string('a', 1024)));
        Assert.False(TopicRules.IsName(new string('a', 1025)));
        Assert.False(TopicRules.IsName(new string('ä', 513)));
        Assert.True(TopicRules.IsName(new string('/', 31)));
        Assert.False(TopicRules.IsName(new string('/', 32)));
    }

    [Theory]
    [InlineData("meshiot/#", "meshiot/home/+/x", true)]
    [InlineData("meshiot/#", "meshiot/#", true)]
    [InlineData("meshiot/#", "meshiot", true)]
    [InlineData("meshiot/#", "#", false)]
    [InlineData("meshiot/+/x", "meshiot/home/x", true)]
    [InlineData("meshiot/+/x", "meshiot/#", false)]
    [InlineData("meshiot/home", "meshiot/+", false)]
    [InlineData("#", "$SYS/#", false)]
    [InlineData("+/a", "+/a", true)]
    public void A_rule_covers_a_filter_only_as_a_whole(string rule, string asked, bool covers) => Assert.Equal(covers, TopicRules.Covers(rule, asked));

    static Gen<string> One(params string[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    static readonly Gen<string> Names = Gen.Select(One("a", "b", "", "$x"), One("a", "b", "").Array[0, 3], (first, rest) => string.Join('/', [first, .. rest])).Where(n => n.Length > 0);

    static readonly Gen<string> Filters = Gen.Select(
        One("a", "b", "+", "", "$x"), One("a", "b", "+", "").Array[0, 3], Gen.Bool, (first, rest, all) => string.Join('/', [first, .. rest]) + (all ? "/#" : "")).Where(TopicRules.IsFilter);

    [Fact]
    public void What_a_covered_filter_takes_its_rule_takes_too() => Gen.Select(Filters, Filters, Names).Sample(
        (rule, asked, name) => !(TopicRules.Covers(rule, asked) && TopicRules.Matches(asked, name)) || TopicRules.Matches(rule, name), iter: 20_000);

    [Fact]
    public void No_text_makes_a_rule_fall_over() => Gen.Select(Gen.String, Gen.String).Sample((a, b) =>
    {
        _ = TopicRules.IsName(a) | TopicRules.IsFilter(a) | TopicRules.Matches(a, b) | TopicRules.Covers(a, b);
        return TopicRules.IsName(TopicRules.Level(a)) || TopicRules.Level(a).Contains('\uFFFD') || TopicRules.Level(a).Contains('\uFFFF') || TopicRules.Level(a).Length > 300;
    });
}
