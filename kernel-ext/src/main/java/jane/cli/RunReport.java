package jane.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import jane.io.AtomicFile;
import jane.train.EpochReport;
import jane.train.Trainer;
import jane.zoo.DigitsTask;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A finished run as JSON: settings, environment, hashes of the data, and every loss. */
record RunReport(Trainer trainer, DigitsTask task, Map<String, Object> settings, double seconds) {
    void write(Path file) {
        var gson = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
        var report = new JsonObject();
        report.addProperty("jane", Version.jane());
        report.addProperty("java", System.getProperty("java.version"));
        report.addProperty(
                "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        report.add("settings", gson.toJsonTree(settings));
        report.add("data", gson.toJsonTree(hashes()));
        report.addProperty("parameters", trainer.model().parameterCount());
        report.addProperty("steps", trainer.step().steps());
        report.addProperty("seconds", seconds);
        var score = trainer.epochs().get(trainer.epochs().size() - 1).validation().orElseThrow();
        report.addProperty("test_loss", score.loss());
        report.addProperty("test_accuracy", score.accuracy());
        report.add("epochs", gson.toJsonTree(trainer.epochs().stream().map(this::row).toList()));
        report.add("losses", gson.toJsonTree(trainer.losses()));
        var text = gson.toJson(report) + "\n";
        AtomicFile.write(
                file,
                channel ->
                        AtomicFile.writeFully(
                                channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    private Map<String, Object> hashes() {
        var hashes = new LinkedHashMap<String, Object>();
        hashes.put("train_samples", task.train().size());
        hashes.put("train_sha256", task.train().sha256());
        hashes.put("test_samples", task.test().size());
        hashes.put("test_sha256", task.test().sha256());
        return hashes;
    }

    private Map<String, Object> row(EpochReport epoch) {
        var row = new LinkedHashMap<String, Object>();
        row.put("epoch", epoch.epoch());
        row.put("train_loss", epoch.trainLoss());
        epoch.validation().ifPresent(s -> row.put("test_loss", s.loss()));
        epoch.validation().ifPresent(s -> row.put("test_accuracy", s.accuracy()));
        row.put("seconds", epoch.seconds());
        return row;
    }
}
