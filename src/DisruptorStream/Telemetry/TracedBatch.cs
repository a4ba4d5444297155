using System.Diagnostics;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>The activity of a batch, or none. Dispose it at the end of the batch.</summary>
internal readonly struct TracedBatch : IDisposable
{
    private readonly Activity? _activity;
    private readonly Activity? _before;
    private readonly HostFailures? _failures;

    /// <param name="activity">The activity that was started.</param>
    /// <param name="before">What was current before it.</param>
    /// <param name="failures">Counts what listeners throw.</param>
    public TracedBatch(Activity activity, Activity? before, HostFailures failures)
    {
        _activity = activity;
        _before = before;
        _failures = failures;
    }

    /// <summary>Puts an activity back as the current one, after a listener threw half way.</summary>
    public static void Restore(Activity? before, HostFailures failures)
    {
        failures.Note();
        try
        {
            Activity.Current = before;
        }
        catch (Exception)
        {
            // Listeners to the change of the current activity are told after the change.
            failures.Note();
        }
    }

    /// <summary>Marks the batch as failed.</summary>
    public void Fail(Exception failure)
    {
        if (_activity is not null)
            _activity.SetStatus(ActivityStatusCode.Error, HostFailures.TextOf(failure));
    }

    public void Dispose()
    {
        if (_activity is null)
            return;
        try
        {
            _activity.Dispose();
        }
        catch (Exception)
        {
            // Otherwise it would be the parent of all that follow on this thread.
            Restore(_before, _failures!);
        }
    }
}
