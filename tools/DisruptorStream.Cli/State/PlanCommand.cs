using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Files;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Emission;

namespace DisruptorStream.Cli.State;

/// <summary>
/// <c>dstream state plan</c>: what a start with another plan would do with the state in a directory.
/// </summary>
internal static class PlanCommand
{
    private const string Description = """
        Says what a start of another plan would do with the state in the directory of a durable processor: which queries
        and metrics go on, which begin empty, which are given up, and what is impossible.

        The plan is that of a file that a program wrote (StatePlan.Write), or that of a job, given by the options of
        'dstream run' or by --job. Without either it shows the plan that the directory holds. It only reads.

        Exit codes: 0 a start goes on, where DurabilityOptions.OnPlanChange allows it; 1 it is refused, or the directory
        or the plan cannot be read.
        """;

    public static Command Create()
    {
        var directory = new Argument<string>("DIR") { Description = "The directory." };
        var file = new Option<string?>("--plan")
        {
            Description = "A file with the plan of a program, in place of a job.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json") { Description = "Writes one object of JSON." };
        var job = new RunOptions { ReadsRows = false };
        var command = new Command("plan", Description) { directory };
        job.AddTo(command);
        command.Options.Add(file);
        command.Options.Add(json);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(
            job,
            parsed,
            async values =>
            {
                var plan = await PlanOfAsync(job, values, parsed, parsed.GetValue(file));
                return Show(
                    parsed.GetRequiredValue(directory),
                    plan,
                    parsed.GetValue(json),
                    parsed.InvocationConfiguration.Output);
            },
            cancellationToken));
        return command;
    }

    /// <summary>The plan of the file, or of the job; null for neither.</summary>
    private static async Task<StatePlan?> PlanOfAsync(
        RunOptions job, RunValues values, ParseResult parsed, string? file)
    {
        var asksForJob = job.IsAnyGiven(parsed);
        if (file is null && !asksForJob)
            return null;
        if (file is not null && asksForJob)
        {
            throw new OptionException(
                "--plan", file, new FormatException("There is a plan in a file, and a job; give one of the two."));
        }

        if (file is not null)
            return StatePlan.Read(file);
        var settings = SettingsReader.Read(job, values);
        await using var engine = JobEngine.Create(
            settings, [.. settings.Queries.Select(static _ => new QuerySinks(new NoResults(), null))]);
        return engine.Processor.StatePlan;
    }

    private static int Show(string directory, StatePlan? plan, bool asJson, TextWriter output)
    {
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}'.");
        if (plan is null)
        {
            var held = StatePlan.In(directory);
            Write(output, asJson ? PlanJson.Of(held) : PlanText.Of(held));
            return ExitCode.Success;
        }

        var comparison = StatePlan.Compare(directory, plan);
        Write(output, asJson ? PlanJson.Of(comparison) : PlanText.Of(comparison));
        return comparison.WhyRefused(PlanChangePolicy.Apply) is null ? ExitCode.Success : ExitCode.Failed;
    }

    private static void Write(TextWriter output, string text)
    {
        try
        {
            output.Write(text);
        }
        catch (IOException exception)
        {
            throw new OutputException("The standard output", exception);
        }
    }

    private sealed class NoResults : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}
