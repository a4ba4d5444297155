using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Hosting.Health;

/// <summary>Says why a processor has failed: where it was, and what was thrown there.</summary>
internal static class FailureText
{
    /// <param name="failure">
    /// As a rule a <see cref="PipelineException"/>, which leaves the cause to its inner ones; null where it is not
    /// known yet.
    /// </param>
    public static string Of(Exception? failure)
    {
        if (failure is null)
            return "it has failed: a stage threw";
        var cause = failure.GetBaseException();
        var place = failure is PipelineException pipeline ? $"stage '{pipeline.Stage}'" : "a stage";
        var text = HostFailures.TextOf(cause).TrimEnd('.');
        return $"it has failed: {place} threw {TypeText.Of(cause.GetType())}: {text}";
    }
}
