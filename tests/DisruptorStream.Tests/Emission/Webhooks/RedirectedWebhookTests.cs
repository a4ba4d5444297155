using System.Net;
using System.Net.Sockets;
using DisruptorStream.Emission.Webhooks;

namespace DisruptorStream.Tests.Emission.Webhooks;

/// <summary>A receiver that has moved: whoever follows it must bring the results along.</summary>
public sealed class RedirectedWebhookTests : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly string _address;

    public RedirectedWebhookTests()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        }

        _listener.Prefixes.Add(_address);
        _listener.Start();
    }

    public void Dispose() => _listener.Close();

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.SeeOther)]
    public async Task Write_ARedirectThatDropsTheResults_Fails(HttpStatusCode code)
    {
        var answering = AnswerAsync(code);
        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(RunAsync);

        Assert.Contains($"redirected to '{_address}new'", failed.ToString(), StringComparison.Ordinal);
        Assert.Equal(["POST 1", "GET 0"], await answering);
    }

    [Fact]
    public async Task Write_ARedirectThatKeepsTheResults_IsFollowed()
    {
        var answering = AnswerAsync(HttpStatusCode.TemporaryRedirect);
        await RunAsync();
        Assert.Equal(["POST 1", "POST 1"], await answering);
    }

    /// <summary>Sends the first request elsewhere, and likes the second one.</summary>
    private async Task<string[]> AnswerAsync(HttpStatusCode code)
    {
        var requests = new string[2];
        for (var number = 0; number < requests.Length; number++)
        {
            var context = await _listener.GetContextAsync();
            using var reader = new StreamReader(context.Request.InputStream);
            var lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Count(at => at == '\n');
            requests[number] = $"{context.Request.HttpMethod} {lines}";
            context.Response.StatusCode = number == 0 ? (int)code : (int)HttpStatusCode.OK;
            if (number == 0)
                context.Response.RedirectLocation = $"{_address}new";
            context.Response.Close();
        }

        return requests;
    }

    private async Task RunAsync()
    {
        using var client = new HttpClient();
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused)
            .To(new WebhookSink<string>(
                client, new Uri($"{_address}old"), new WebhookSinkOptions { Delay = TimeSpan.Zero, Attempts = 2 }))
            .Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
    }
}
