using System.Text;
using System.Text.Json;
using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Conformance.Running;

/// <summary>Writes what the engine did with a vector as one line of JSON.</summary>
internal static class VectorEmit
{
    public static async Task<string> RunAsync(Vector vector, RunSettings settings)
    {
        using var stream = new MemoryStream();
        await using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", vector.Id);
            try
            {
                await WriteOutcomeAsync(json, vector, settings);
            }
            catch (Exception exception)
            {
                // One vector that the engine refuses must not hide the others.
                json.WriteString("error", exception.Message);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task WriteOutcomeAsync(Utf8JsonWriter json, Vector vector, RunSettings settings)
    {
        switch (vector)
        {
            case WindowVector window:
                Write(json, await WindowRunner.RunAsync(window, settings));
                break;
            case WatermarkVector watermark:
                Write(json, await WatermarkRunner.RunAsync(watermark, settings));
                break;
            case AssignVector assign:
                Write(json, await AssignRunner.RunAsync(assign, settings));
                break;
            case CalendarVector calendar:
                Write(json, await CalendarRunner.RunAsync(calendar, settings));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, WindowOutcome outcome)
    {
        json.WriteStartArray("panes");
        foreach (var pane in outcome.Panes)
        {
            json.WriteStartObject();
            json.WriteNumber("after_step", pane.AfterStep);
            json.WriteString("key", pane.Key);
            json.WriteNumber("start_ms", pane.Start);
            json.WriteNumber("end_ms", pane.End);
            json.WriteNumber("count", pane.Count);
            if (pane.Sum is { } sum)
                json.WriteNumber("sum", sum);
            else
                json.WriteNull("sum");
            json.WriteString("timing", pane.Timing);
            json.WriteNumber("index", pane.Index ?? 0);
            if (pane.IsFilled)
                json.WriteBoolean("filled", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("dropped", outcome.Dropped);
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<CombinedState> states)
    {
        json.WriteStartArray("steps");
        foreach (var state in states)
        {
            json.WriteStartObject();
            json.WriteNumber("after_step", state.AfterStep);
            if (state.Watermark is { } watermark)
                json.WriteNumber("watermark_ms", watermark);
            else
                json.WriteNull("watermark_ms");
            json.WriteStartArray("idle_sources");
            foreach (var source in state.Idle!)
                json.WriteStringValue(source);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<(long Start, long End)> windows)
    {
        json.WriteStartArray("windows");
        foreach (var (start, end) in windows)
        {
            json.WriteStartArray();
            json.WriteNumberValue(start);
            json.WriteNumberValue(end);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
