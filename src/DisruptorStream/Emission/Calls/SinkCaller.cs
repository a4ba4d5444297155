using DisruptorStream.Telemetry;

namespace DisruptorStream.Emission.Calls;

/// <summary>Calls sinks, and does with what they throw what their policies say.</summary>
/// <remarks>The emitting thread owns it; after its end, who completes the sinks.</remarks>
internal sealed class SinkCaller
{
    private readonly CancellationToken _abort;

    /// <param name="timeProvider">Says when a sink failed.</param>
    /// <param name="abort">Cancelled at an abort.</param>
    public SinkCaller(TimeProvider timeProvider, CancellationToken abort)
    {
        _abort = abort;
        Failures = new SinkFailures(timeProvider, Calls, abort);
    }

    /// <summary>Which call is under way, and whether there may be more.</summary>
    public SinkCalls Calls { get; } = new();

    /// <summary>What the calls came to.</summary>
    public SinkFailures Failures { get; }

    /// <summary>Makes a call, as often as the policy says. Returns false where the sink went without it.</summary>
    /// <exception cref="SinkException">The sink threw, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public bool Call<TCall>(scoped in TCall call, SinkFailurePolicy policy, TracedBatch traced = default)
        where TCall : struct, ISinkCall, allows ref struct
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Calls.Begin(call.Sink, call.IsLast);
                try
                {
                    call.Invoke();
                }
                finally
                {
                    Calls.End();
                }

                Failures.OnSuccess(call.Sink);
                return true;
            }
            catch (Exception failure) when (!IsAbort(failure))
            {
                if (Failures.ShouldRetry(
                    new FailedCall(call.Sink, call.Name, call.FirstSequence, call.LastSequence, attempt + 1),
                    policy,
                    failure))
                {
                    continue;
                }

                traced.Fail(failure);
                return false;
            }
        }
    }

    /// <summary>Whether a sink ended its call because of the abort; all else that it throws is a failure.</summary>
    public bool IsAbort(Exception failure) => failure is OperationCanceledException && _abort.IsCancellationRequested;
}
