using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using DisruptorStream.Streams;
using LlmGateway;
using LlmGateway.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Samples.Tests.LlmGateway;

/// <summary>The gateway as it is, on a port of its own, with a clock that stands still.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningGateway(WebApplication app, FakeTimeProvider clock, HttpClient client) =>
        (_app, Clock, Client) = (app, clock, client);

    /// <summary>When the calls of the tests begin.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Clock { get; }

    public HttpClient Client { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RunningGateway> StartAsync()
    {
        var clock = new FakeTimeProvider(Start + TimeSpan.FromHours(2));
        var app = GatewayApp.Create(
            ["--urls", "http://127.0.0.1:0", "--contentRoot", Path.Combine(Root(), "samples", "LlmGateway")], clock);
        await app.StartAsync(Token);
        return new RunningGateway(app, clock, new HttpClient { BaseAddress = new Uri(app.Urls.Single()) });
    }

    /// <summary>Reports calls, and one of nobody that takes the watermark to the end of their time.</summary>
    public async Task ReportAsync(IEnumerable<ModelCall> calls, DateTimeOffset until)
    {
        var mover = new ModelCall(until + TimeSpan.FromSeconds(1), null, null, null, 0, 0, 0, 200);
        foreach (var some in calls.Append(mover).Chunk(1000))
        {
            using var response = await Client.PostAsJsonAsync("/v1/calls", some, Token);
            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>(Token);
            Assert.Equal(some.Length, (int)answer!["published"]!);
        }

        await FlushAsync();
    }

    /// <summary>The clock goes on, and all that this asks for is there.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        Clock.Advance(time);
        _app.Services.GetRequiredService<EventStream<ModelCall>>().Advance();
        await FlushAsync();
    }

    public async Task FlushAsync() =>
        await _app.Services.GetRequiredService<EventStream<ModelCall>>().FlushAsync(Token);

    /// <summary>The rows of an answer.</summary>
    public async Task<JsonObject[]> GetAsync(string question) =>
        (await Client.GetFromJsonAsync<JsonObject[]>($"/api/{question}", JsonSerializerOptions.Web, Token))!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "DisruptorStream.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
