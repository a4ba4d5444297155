using System.Net;
using DisruptorStream.Emission.Webhooks;

namespace DisruptorStream.Tests.Emission.Webhooks;

/// <summary>Results are posted, and again where that may help.</summary>
public sealed class WebhookSinkTests
{
    private static readonly Uri Address = new("https://example.org/results");

    private static readonly WebhookSinkOptions Fast = new() { Delay = TimeSpan.FromMilliseconds(1), Attempts = 3 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_Answers_SendsLinesWithAKey()
    {
        var receiver = new Receiver(HttpStatusCode.OK);
        await RunAsync(receiver, Fast);

        var (key, body) = Assert.Single(receiver.Requests);
        Assert.Matches("^\"[0-9a-f]{32}-[0-9a-f]{16}-1-1\"$", key);
        Assert.StartsWith("{\"query\":\"calls\",\"number\":1,\"key\":\"a\",", body);
        Assert.EndsWith("\"count\":1}\n", body);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData((HttpStatusCode)0)]
    public async Task Write_ReceiverIsBusy_SendsTheSameAgain(HttpStatusCode busy)
    {
        var receiver = new Receiver(busy, busy, HttpStatusCode.Accepted);
        await RunAsync(receiver, Fast);

        Assert.Equal(3, receiver.Requests.Count);
        Assert.Single(receiver.Requests.Distinct());
    }

    [Theory]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.BadGateway, 3)]
    public async Task Write_ReceiverRefuses_FailsAfterTheAttempts(HttpStatusCode code, int attempts)
    {
        var receiver = new Receiver(code, code, code, code);

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(() => RunAsync(receiver, Fast));

        Assert.Equal(attempts, receiver.Requests.Count);
        Assert.Contains($"attempt {attempts} of 3: {(int)code}", failed.ToString());
        Assert.Contains("why not", failed.ToString());
    }

    [Fact]
    public async Task Write_NoAnswer_IsGivenUpInTime()
    {
        var receiver = new Receiver() { Hangs = true };

        var failed = await Assert.ThrowsAnyAsync<StreamProcessorException>(() => RunAsync(
            receiver, Fast with { Timeout = TimeSpan.FromMilliseconds(20), Attempts = 2 }));

        Assert.Contains("no answer in time", failed.ToString());
    }

    [Fact]
    public void New_AddressOfAnotherKind_IsRefused() => Assert.Contains(
        "http or https",
        Assert.Throws<ArgumentException>(
            () => new WebhookSink<string>(new HttpClient(), new Uri("ftp://example.org"))).Message);

    private static async Task RunAsync(Receiver receiver, WebhookSinkOptions options)
    {
        using var client = new HttpClient(receiver);
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused).WithName("calls")
            .To(new WebhookSink<string>(client, Address, options)).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private sealed class Receiver : HttpMessageHandler
    {
        private readonly HttpStatusCode[] _answers;

        public Receiver(params HttpStatusCode[] answers) => _answers = answers;

        public bool Hangs { get; init; }

        public List<(string Key, string Body)> Requests { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((
                request.Headers.GetValues("Idempotency-Key").Single(),
                await request.Content!.ReadAsStringAsync(cancellationToken)));
            if (Hangs)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            var code = _answers[Requests.Count - 1];
            return code == 0
                ? throw new HttpRequestException("no route")
                : new HttpResponseMessage(code) { Content = new StringContent("why not") };
        }
    }
}
