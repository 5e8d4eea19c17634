package io.fluxy.protocol.fluxy;

import com.fasterxml.jackson.core.JsonGenerator;
import io.fluxy.auth.Plan;
import io.fluxy.chat.Limits;
import io.fluxy.store.ProjectRecord;
import java.io.IOException;
import java.util.Optional;

/** A project's plan and limits in the contract's shape (8). Nobody pays here. */
final class PlanJson {
  private PlanJson() {}

  /** Null for a project without one: the host's own limits hold. */
  static void plan(JsonGenerator json, ProjectRecord project) throws IOException {
    Optional<Plan> plan = Optional.ofNullable(project.plan()).flatMap(Plan::of);
    if (plan.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("projectId", project.id());
    json.writeStringField("planName", plan.get().word());
    json.writeStringField("billingStatus", "manual");
    json.writeNullField("stripeCustomerId");
    json.writeNullField("stripeSubscriptionId");
    json.writeNumberField("messageLimitMonthly", plan.get().messages());
    json.writeNumberField("agentInvokeLimitMonthly", plan.get().invokes());
    json.writeNumberField("webhookDeliveryLimitMonthly", plan.get().deliveries());
    json.writeBooleanField("manuallyOverridden", false);
    json.writeStringField("pricingVersion", "v1");
    json.writeStringField("createdAt", MessageJson.iso(project.createdAtMs()));
    json.writeStringField("updatedAt", MessageJson.iso(project.createdAtMs()));
    json.writeEndObject();
  }

  /** What the project may use up in a month, by plan or by the host; null for any number. */
  static void limits(JsonGenerator json, Limits limits) throws IOException {
    limit(json, "messageLimitMonthly", limits.messagesPerMonth());
    limit(json, "agentInvokeLimitMonthly", limits.data().agentInvokesPerMonth());
    limit(json, "webhookDeliveryLimitMonthly", limits.data().webhookDeliveriesPerMonth());
  }

  private static void limit(JsonGenerator json, String name, long max) throws IOException {
    if (max == 0) {
      json.writeNullField(name);
    } else {
      json.writeNumberField(name, max);
    }
  }
}
