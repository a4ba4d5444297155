using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Emission.Webhooks;

/// <summary>Posts results to an address, as lines of JSON, at least once.</summary>
/// <typeparam name="TKey">The type of the keys: text, integers, Guid, enums, times, or tuples of these.</typeparam>
/// <remarks>
/// <para>Each write is a POST of <c>application/x-ndjson</c>, a line for each result, with an <c>Idempotency-Key</c>
/// that says which results of which stream it has: each attempt has the same. After a crash results may be sent again,
/// and in other batches: the receiver tells by <c>number</c>, or by the key where
/// <see cref="AsyncSinkOptions.BatchSize"/> is 1. The members of a line are the columns of
/// <see cref="ResultTable{TKey}"/>.</para>
/// <para>An attempt that fails or takes too long, and the answers 408, 429 and 500 and above, are tried again. Other
/// answers above 299, and the last failure, fail the write, and the sink's failure policy says what then.</para>
/// </remarks>
public sealed class WebhookSink<TKey> : IAsyncDurableSink<TKey>
{
    private const int MostShown = 200;

    private readonly HttpClient _client;
    private readonly Uri _address;
    private readonly WebhookSinkOptions _options;
    private string _stream = "";
    private ResultText<TKey>? _text;

    /// <param name="client">Sends; it stays the caller's. Its own timeout counts too.</param>
    /// <param name="address">Where to: absolute, http or https.</param>
    /// <param name="options">Attempts and waits. Null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or of another kind.</exception>
    public WebhookSink(HttpClient client, Uri address, WebhookSinkOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                $"The address of a webhook must be absolute, http or https; it was '{address}'.", nameof(address));
        }

        (_client, _address, _options) = (client, address, options ?? new WebhookSinkOptions());
    }

    /// <inheritdoc/>
    public DurableGuarantee Guarantee => DurableGuarantee.AtLeastOnce;

    /// <summary>Notes the owner. The receiver is not asked what it holds: the journal says it.</summary>
    /// <inheritdoc/>
    public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);

        // Without durable state numbers begin at 1 in each run: they are others each time.
        var id = owner.StreamId.Length > 0 ? owner.StreamId : Guid.NewGuid().ToString("N");
        var name = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes($"{owner.ProcessorName}\0{owner.QueryName}"));
        _stream = string.Create(CultureInfo.InvariantCulture, $"{id}-{name:x16}");
        return new ValueTask<long>(0L);
    }

    /// <inheritdoc/>
    public ValueTask StartAsync(SinkContext context, CancellationToken cancellationToken)
    {
        _text = new ResultText<TKey>(FileSinkFormat.Ndjson, context.Schema, context.ProcessorName, _options.Times);
        return default;
    }

    /// <inheritdoc/>
    /// <exception cref="HttpRequestException">The receiver did not take them.</exception>
    public async ValueTask WriteAsync(IReadOnlyList<WindowResult<TKey>> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            return;
        var body = BodyOf(results);
        var key = string.Create(
            CultureInfo.InvariantCulture, $"{_stream}-{results[0].Number}-{results[^1].Number}");
        for (var attempt = 1; ; attempt++)
        {
            var (failure, wait) = await TryAsync(body, key, attempt, cancellationToken).ConfigureAwait(false);
            if (failure is null)
                return;
            if (wait is not { } delay || attempt == _options.Attempts)
                throw failure;
            await Task.Delay(delay, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private byte[] BodyOf(IReadOnlyList<WindowResult<TKey>> results)
    {
        if (_text is not { } text)
            throw new InvalidOperationException("The webhook got results before StartAsync.");
        text.Rows.Clear();
        for (var row = 0; row < results.Count; row++)
            text.Add(results[row]);
        return text.Rows.Bytes.ToArray();
    }

    /// <summary>Sends once. Gives what went wrong, and how long to wait before the next time; null for never.</summary>
    private async Task<(HttpRequestException? Failure, TimeSpan? Wait)> TryAsync(
        byte[] body, string key, int attempt, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(_options.Timeout, _options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, _address);
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var response = await _client.SendAsync(request, both.Token).ConfigureAwait(false);

            // Who follows a redirect may ask for the page there, and the results are nowhere.
            if (response.RequestMessage is { } last && last.Method != HttpMethod.Post)
                return (Failure(attempt, NotPosted(last), null), null);
            if (response.IsSuccessStatusCode)
                return (null, null);
            var text = await response.Content.ReadAsStringAsync(both.Token).ConfigureAwait(false);
            return (
                Failure(attempt, $"{(int)response.StatusCode} {response.ReasonPhrase} {Shortened(text)}", null),
                MayRetry(response.StatusCode) ? WaitAfter(attempt, response.Headers.RetryAfter) : null);
        }
        catch (HttpRequestException exception)
        {
            return (Failure(attempt, exception.Message, exception), WaitAfter(attempt, null));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return (Failure(attempt, "no answer in time", exception), WaitAfter(attempt, null));
        }
    }

    private static string NotPosted(HttpRequestMessage last) =>
        $"it was redirected to '{last.RequestUri}', and asked for that by {last.Method}, without the results; give the "
        + "address where it ends";

    private static bool MayRetry(HttpStatusCode code) =>
        code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError;

    private static string Shortened(string text) => text.Length <= MostShown ? text : text[..MostShown];

    private TimeSpan WaitAfter(int attempt, RetryConditionHeaderValue? asked)
    {
        var wait = _options.Delay * Math.Pow(2, Math.Min(attempt - 1, 30));
        var wanted = asked?.Delta ?? (asked?.Date is { } date ? date - _options.TimeProvider.GetUtcNow() : wait);
        var longest = wanted > wait ? wanted : wait;
        return longest < _options.MaxDelay ? longest : _options.MaxDelay;
    }

    private HttpRequestException Failure(int attempt, string what, Exception? cause) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"The webhook '{_address}' did not take results in attempt {attempt} of {_options.Attempts}: {what}"),
        cause);
}
