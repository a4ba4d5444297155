using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Nats.Connections;

/// <summary>What is asked of streams in several places.</summary>
internal static class StreamCalls
{
    private const int Attempts = 5;

    private static readonly NatsHeaderParser Headers = new(System.Text.Encoding.ASCII);

    /// <summary>Makes a stream, or leaves one of the name as it is.</summary>
    public static ValueTask<bool> MakeAsync(
        this NatsLink link, StreamConfig config, CancellationToken cancellationToken) => link.CallAsync(
        $"Making the stream '{config.Name}'",
        async (streams, token) =>
        {
            try
            {
                await streams.CreateStreamAsync(config, token).ConfigureAwait(false);
                return true;
            }
            catch (NatsJSApiException failure) when (failure.Error.ErrCode == ErrorCodes.OtherStream)
            {
                return false;
            }
        },
        cancellationToken);

    /// <summary>The last message of a subject; null where there is none, or no stream.</summary>
    /// <remarks>The server that leads the stream is asked, so that what was acknowledged is seen.</remarks>
    public static ValueTask<StreamMessage?> ReadLastAsync(
        this NatsLink link, string stream, string subject, string what, CancellationToken cancellationToken) =>
        link.CallAsync<StreamMessage?>(
            what,
            async (streams, token) =>
            {
                try
                {
                    var answer = await streams.JSRequestResponseAsync<StreamMsgGetRequest, StreamMsgGetResponse>(
                        $"{streams.Opts.Prefix}.STREAM.MSG.GET.{stream}",
                        new StreamMsgGetRequest { LastBySubj = subject },
                        token).ConfigureAwait(false);
                    var found = answer.Message;
                    return new StreamMessage(
                        found.Subject, (long)found.Seq, found.Time, found.Data, HeadersOf(found.Hdrs));
                }
                catch (NatsJSApiException failure) when (
                    failure.Error.ErrCode is ErrorCodes.NoMessage or ErrorCodes.NoStream)
                {
                    return null;
                }
            },
            cancellationToken);

    /// <summary>Adds a message to a stream.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="message">The message; its number and time do not matter.</param>
    /// <param name="options">What is expected, and the id.</param>
    /// <param name="what">For messages: what is done.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its number; null where the last one is another one than was expected.</returns>
    public static ValueTask<long?> AddAsync(
        this NatsLink link,
        StreamMessage message,
        NatsJSPubOpts options,
        string what,
        CancellationToken cancellationToken) => link.CallAsync<long?>(
        what,
        async (streams, token) =>
        {
            var answer = await streams.PublishAsync(
                message.Subject,
                message.Body,
                NatsRawSerializer<ReadOnlyMemory<byte>>.Default,
                options with { RetryAttempts = Attempts },
                message.Headers,
                token).ConfigureAwait(false);
            return answer.Error switch
            {
                null => (long)answer.Seq,
                { ErrCode: ErrorCodes.WrongLastSequence } => null,
                { } error => throw new NatsJSApiException(error),
            };
        },
        cancellationToken);

    /// <summary>Deletes messages of a subject.</summary>
    /// <param name="link">The connection.</param>
    /// <param name="stream">The name of the stream.</param>
    /// <param name="subject">Which; it may have stars.</param>
    /// <param name="before">Only those with a lower number; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>For the server 1 is as 0, no bound: below 1 there is nothing, so it is not asked.</remarks>
    public static ValueTask<bool> DeleteAsync(
        this NatsLink link, string stream, string subject, long? before, CancellationToken cancellationToken) =>
        before <= 1 ? new(true) : link.CallAsync(
            $"Deleting messages of the stream '{stream}'",
            async (streams, token) => (await streams.PurgeStreamAsync(
                stream, new StreamPurgeRequest { Filter = subject, Seq = (ulong)(before ?? 0) }, token)
                .ConfigureAwait(false)).Success,
            cancellationToken);

    private static NatsHeaders? HeadersOf(string? stored)
    {
        if (string.IsNullOrEmpty(stored))
            return null;
        var headers = new NatsHeaders();
        Headers.ParseHeaders(
            new System.Buffers.SequenceReader<byte>(new(Convert.FromBase64String(stored))), headers);
        return headers;
    }
}
