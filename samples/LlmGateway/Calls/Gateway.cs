using DisruptorStream;
using DisruptorStream.Ingest;
using LlmGateway.Demo;

namespace LlmGateway.Calls;

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

    public async Task<Completion> CompleteAsync(
        string model, string prompt, string tenant, string user, CancellationToken cancellationToken)
    {
        var begin = _clock.GetTimestamp();
        var answer = await _backend.CompleteAsync(model, prompt, cancellationToken);
        var milliseconds = _clock.GetElapsedTime(begin).TotalMilliseconds;
        Publish(new ModelCall(
            _clock.GetUtcNow(), model, tenant, user, milliseconds, answer.Tokens, answer.Cost, answer.Status));
        return new Completion(model, answer.Text, answer.Tokens, answer.Cost, milliseconds, answer.Status);
    }

    /// <summary>Publishes a call, once for all questions; it neither waits nor throws.</summary>
    /// <remarks>Monitoring must not keep an answer back, whatever has become of the stream.</remarks>
    /// <returns>Whether it was published.</returns>
    public bool Publish(in ModelCall call)
    {
        try
        {
            if (_calls.TryPublish(in call))
                return true;
            GatewayLog.RingFull(_logger, call.Model);
        }
        catch (Exception exception) when (exception is StreamProcessorException or ObjectDisposedException)
        {
            GatewayLog.NotPublished(_logger, call.Model, exception);
        }

        return false;
    }
}
