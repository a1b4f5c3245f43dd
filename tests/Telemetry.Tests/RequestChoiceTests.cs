using Telemetry.Requests;

namespace Telemetry.Tests;

/// <summary>Which requests are looked at.</summary>
public sealed class RequestChoiceTests
{
    [Theory]
    [InlineData("all", 1, 2, 3, 4, 5, 6, 7)]
    [InlineData("slowest:2", 1, 2, 3, 4, 5, 6, 7)]
    [InlineData("first:2", 1, 2)]
    [InlineData("every:3", 1, 4, 7)]
    [InlineData("every:1", 1, 2, 3, 4, 5, 6, 7)]
    public void It_is_read_as_it_is_written_and_includes_these_of_seven(
        string text, params int[] included)
    {
        var choice = RequestChoice.Parse(text)!;
        Assert.Equal(text, choice.ToString());
        Assert.Equal(
            included, Enumerable.Range(1, 7).Where(request => choice.MayInclude(request)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("first")]
    [InlineData("first:")]
    [InlineData("first:0")]
    [InlineData("first:-1")]
    [InlineData("first:1:2")]
    [InlineData("last:1")]
    [InlineData("all:1")]
    public void Anything_else_is_no_choice(string text) => Assert.Null(RequestChoice.Parse(text));
}
