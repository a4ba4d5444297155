using DisruptorStream;
using DisruptorStream.Ingest;

namespace LlmGateway;

/// <summary>The request path: calls the model, and publishes how that went.</summary>
internal sealed class Gateway
{
    private readonly ModelBackend _backend;
    private readonly EventPublisher<ModelCall> _calls;
    private readonly TimeProvider _clock;
    private readonly ILogger<Gateway> _logger;

    public Gateway(
        ModelBackend backend, EventPublisher<ModelCall> calls, TimeProvider clock, ILogger<Gateway> logger)
    {
        _backend = backend;
        _calls = calls;
        _clock = clock;
        _logger = logger;
    }

    public async Task<Completion> CompleteAsync(string model, string prompt, CancellationToken cancellationToken)
    {
        var begin = _clock.GetTimestamp();
        var (text, tokens) = await _backend.CompleteAsync(model, prompt, cancellationToken);
        var milliseconds = _clock.GetElapsedTime(begin).TotalMilliseconds;
        Publish(new ModelCall(model, _clock.GetUtcNow(), milliseconds, tokens));
        return new Completion(model, text, tokens, milliseconds);
    }

    /// <summary>Publishes a call, in some tens of nanoseconds; it neither waits nor throws.</summary>
    /// <remarks>Monitoring must not keep an answer back, whatever has become of the processor.</remarks>
    private void Publish(in ModelCall call)
    {
        try
        {
            if (!_calls.TryPublish(in call))
                GatewayLog.RingFull(_logger, call.Model);
        }
        catch (Exception exception) when (exception is StreamProcessorException or ObjectDisposedException)
        {
            GatewayLog.NotPublished(_logger, call.Model, exception);
        }
    }
}
