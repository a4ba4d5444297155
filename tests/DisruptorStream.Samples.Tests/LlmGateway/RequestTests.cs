using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using LlmGateway.Calls;

namespace DisruptorStream.Samples.Tests.LlmGateway;

/// <summary>Calls that go through the gateway, and what it refuses.</summary>
public sealed class RequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_Call_IsInTheAnswers()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var request = new { model = "swift-7b", prompt = "hello", tenant = "acme", user = "ann" };
        var answering = gateway.Client.PostAsJsonAsync("/v1/completions", request, Token);

        // The model takes its time by the clock, which goes on until the answer is there.
        for (var step = 0; step < 60_000 && !answering.IsCompleted; step++)
        {
            gateway.Clock.Advance(TimeSpan.FromMilliseconds(10));
            await Task.WhenAny(answering, Task.Delay(1, Token));
        }

        using var response = await answering;
        var answer = await response.Content.ReadFromJsonAsync<JsonObject>(Token);
        await gateway.ReportAsync([], gateway.Clock.GetUtcNow().AddMinutes(1));

        Assert.Equal((int)response.StatusCode, (int)answer!["status"]!);
        var session = Assert.Single(await gateway.GetAsync("sessions"));
        Assert.Equal(("acme", "ann"), ((string?)session["tenant"], (string?)session["user"]));
        Assert.Equal(1, (int)session["calls"]!);
        Assert.Equal((double)answer["cost"]!, (double)session["cost"]!);
        Assert.Equal((long)answer["tokens"]!, (long)session["tokens"]!);
        var window = (await gateway.GetAsync("models"))[0];
        Assert.Equal((double)answer["milliseconds"]!, (double)window["p50"]!);
    }

    [Theory]
    [InlineData("""{"prompt": "hello"}""", HttpStatusCode.BadRequest, "has no \\\"model\\\"")]
    [InlineData("""{"model": "swift-7b"}""", HttpStatusCode.BadRequest, "has no \\\"prompt\\\"")]
    [InlineData("""{"model": "none", "prompt": "hello"}""", HttpStatusCode.NotFound, "no such model")]
    public async Task Complete_WrongRequest_IsRefused(string body, HttpStatusCode status, string error)
    {
        await using var gateway = await RunningGateway.StartAsync();

        using var content = new StringContent(body, mediaType: new("application/json"));
        using var response = await gateway.Client.PostAsync(
            new Uri("/v1/completions", UriKind.Relative), content, Token);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(error, await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelsLive_WindowsThatFire_AreSentToThePage()
    {
        await using var gateway = await RunningGateway.StartAsync();
        var opening = gateway.Client.GetAsync(
            new Uri("/api/models/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);

        // The answer begins with the first window that fires behind the request.
        for (var second = 0; second < 6000 && !opening.IsCompleted; second++)
        {
            var time = RunningGateway.Start.AddSeconds(second);
            await gateway.ReportAsync([new ModelCall(time, "large", "acme", "ann", 120, 1, 1, 200)], time);
        }

        using var live = await opening;
        Assert.Equal("text/event-stream", live.Content.Headers.ContentType!.MediaType);
        using var lines = new StreamReader(await live.Content.ReadAsStreamAsync(Token));
        var line = await lines.ReadLineAsync(Token);
        Assert.StartsWith("data: {\"model\":\"large\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_AndWhatItNeeds_AreThere()
    {
        await using var gateway = await RunningGateway.StartAsync();

        foreach (var file in (string[])["/", "/page.css", "/page.js", "/health/ready", "/metrics"])
        {
            using var response = await gateway.Client.GetAsync(new Uri(file, UriKind.Relative), Token);
            Assert.Equal((file, HttpStatusCode.OK), (file, response.StatusCode));
        }
    }
}
